import { useMemo, useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { SelectField } from '../forms/fields.tsx';
import { spanOf } from '../live/span.ts';
import { Dialog } from '../parts/dialog.tsx';
import { language, say } from '../words/said.ts';
import { CallForm } from './call-form.tsx';
import type { KeyDialogProps } from './key-dialog-props.ts';
import { Repeatable } from './repeatable.ts';
import { SecretOnce } from './secret-once.tsx';
import { keySecret, type ShownSecret } from './shown-secret.ts';

const day = 86_400;
const validSeconds = [0, 3600, day, 7 * day, 30 * day, 90 * day];

type RotateKeyDialogProps = Omit<KeyDialogProps, 'accessKey'> & { readonly secretId: string };

/** The old key of this session never ends at once: so would the session, and nobody had seen the new secret. */
export function RotateKeyDialog({ secretId, isOwn, onDone, onClose }: RotateKeyDialogProps) {
  const repeatable = useMemo(() => new Repeatable(), []);
  const [valid, setValid] = useState(String(day));
  const [secret, setSecret] = useState<ShownSecret | null>(null);
  const rotate = async () => {
    const asked = { SecretId: secretId, OldKeyValidSeconds: Number(valid) };
    setSecret(keySecret(await call('RotateAccessKey', { ...asked, ClientToken: repeatable.tokenFor(asked) })));
    onDone();
  };
  return (
    <Dialog title={say('keys.rotate')} onClose={onClose}>
      {secret !== null ? (
        <SecretOnce secret={secret} file={`${secret.valueOf('SecretId')}.json`} />
      ) : (
        <>
          <p>
            <code>{secretId}</code>
          </p>
          <p>{say('keys.rotateWhat')}</p>
          {isOwn && <p class="once">{say('keys.rotateOwn')}</p>}
          <CallForm act={say('keys.rotateNow')} go={rotate}>
            {() => (
              <SelectField
                label={say('keys.oldValid')}
                value={valid}
                choices={validSeconds
                  .filter((seconds) => seconds > 0 || !isOwn)
                  .map((seconds) => ({ value: String(seconds), name: spanName(seconds) }))}
                onChange={setValid}
              />
            )}
          </CallForm>
        </>
      )}
    </Dialog>
  );
}

function spanName(seconds: number): string {
  return seconds === 0 ? say('keys.notAtAll') : spanOf(seconds * 1000, language.value);
}
