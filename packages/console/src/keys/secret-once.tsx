import { useEffect } from 'preact/hooks';
import { CopyButton } from '../parts/copy-button.tsx';
import { saveFile } from '../parts/save-file.ts';
import { Fact } from '../parts/fact.tsx';
import { say } from '../words/said.ts';
import type { ShownSecret } from './shown-secret.ts';

interface SecretOnceProps {
  readonly secret: ShownSecret;
  /** Name of the file. */
  readonly file: string;
}

/** Shows what nobody can ask for again. No element of the tree has it: it is written into the page, and forgotten when this is closed. */
export function SecretOnce({ secret, file }: SecretOnceProps) {
  useEffect(() => () => secret.forget(), [secret]);
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
            <CopyButton of={name} text={() => secret.valueOf(name)} />
          </Fact>
        ))}
      </dl>
      <form method="dialog" class="buttons">
        <button type="button" onClick={() => saveFile(file, [secret.asFile()], 'application/json')}>
          {say('once.download')}
        </button>
        <button type="submit" class="strong">
          {say('once.close')}
        </button>
      </form>
    </>
  );
}
