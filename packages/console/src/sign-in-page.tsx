import { useRef, useState } from 'preact/hooks';
import { endedBy, signIn } from './calls/session.ts';
import { LanguageButton } from './parts/language-button.tsx';
import { Problem } from './parts/problem.tsx';
import { useTitle } from './parts/use-title.ts';
import { say } from './words/said.ts';

/** The fields are read once and emptied: the secret stays nowhere in the page. */
export function SignInPage() {
  useTitle('');
  const secretId = useRef<HTMLInputElement>(null);
  const secretKey = useRef<HTMLInputElement>(null);
  const [isGoing, setGoing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const go = async () => {
    const [id, key] = [secretId.current?.value ?? '', secretKey.current?.value ?? ''];
    if (secretKey.current !== null) secretKey.current.value = '';
    setGoing(true);
    setProblem(null);
    await signIn(id, key).catch((error: unknown) => {
      setProblem(error);
      setGoing(false);
      secretKey.current?.focus();
    });
  };
  return (
    <main class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <p class="brand">Landbridge</p>
        <h1>{say('signIn.heading')}</h1>
        {endedBy.value !== null && <p role="status">{say(`signIn.ended.${endedBy.value}`)}</p>}
        <p class="fine">{say('signIn.how')}</p>
        <label>
          {say('signIn.secretId')}
          <input ref={secretId} name="SecretId" autocomplete="username" spellcheck={false} required autofocus />
        </label>
        <label>
          {say('signIn.secretKey')}
          <input ref={secretKey} name="SecretKey" type="password" autocomplete="current-password" required />
        </label>
        <Problem of={problem} />
        <div class="buttons">
          <LanguageButton />
          <button type="submit" class="strong" disabled={isGoing}>
            {say(isGoing ? 'signIn.going' : 'signIn.go')}
          </button>
        </div>
      </form>
    </main>
  );
}
