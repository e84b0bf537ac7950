import { useEffect, useState } from 'preact/hooks';
import { Fact } from '../tunnels/finding-card.tsx';
import { say } from '../words/said.ts';
import type { ShownSecret } from './shown-secret.ts';

interface SecretOnceProps {
  readonly secret: ShownSecret;
  /** Name of the file. */
  readonly file: string;
}

/** Shows what nobody can ask for again. No element of the tree has it: it is written into the page, and forgotten when this is closed. */
export function SecretOnce({ secret, file }: SecretOnceProps) {
  const [copied, setCopied] = useState('');
  useEffect(() => () => secret.forget(), [secret]);
  const copy = async (name: string) => {
    // Browsers have it on pages of HTTPS and of the own machine alone, and may ask.
    const isCopied = 'clipboard' in navigator && (await isDone(navigator.clipboard.writeText(secret.valueOf(name))));
    setCopied(say(isCopied ? 'once.copied' : 'once.notCopied', { name }));
  };
  return (
    <>
      <p class="once">{say('once.what')}</p>
      <dl class="facts">
        {secret.names.map((name) => (
          <Fact key={name} name={name}>
            <code
              ref={(element) => {
                if (element !== null) element.textContent = secret.valueOf(name);
              }}
            />{' '}
            <button type="button" class="quiet" onClick={() => void copy(name)}>
              {say('once.copy', { name })}
            </button>
          </Fact>
        ))}
      </dl>
      <p role="status">{copied}</p>
      <form method="dialog" class="buttons">
        <button type="button" onClick={() => download(file, secret.asFile())}>
          {say('once.download')}
        </button>
        <button type="submit" class="strong">
          {say('once.close')}
        </button>
      </form>
    </>
  );
}

function isDone(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
