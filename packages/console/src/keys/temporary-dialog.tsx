import { useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { SelectField } from '../forms/fields.tsx';
import { spanOf } from '../live/span.ts';
import { Dialog } from '../parts/dialog.tsx';
import { language, say } from '../words/said.ts';
import { CallForm } from './call-form.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { policyOf, type PolicyDraft } from './policy.ts';
import { SecretOnce } from './secret-once.tsx';
import { ShownSecret } from './shown-secret.ts';

const durations = [900, 1800, 3600, 4 * 3600, 12 * 3600];

/** Credentials of this session's key that end by themselves. Nothing is kept of them, so doing it twice leaves nothing behind. */
export function TemporaryDialog({ onClose }: { readonly onClose: () => void }) {
  const [duration, setDuration] = useState('1800');
  const [draft, setDraft] = useState<PolicyDraft>({ as: 'preset', preset: 'all' });
  const [secret, setSecret] = useState<ShownSecret | null>(null);
  const create = async () => {
    const Policy = policyOf(draft);
    const asked = { DurationSeconds: Number(duration), ...(Policy !== null && { Policy }) };
    const { Credentials } = await call('CreateTemporaryCredentials', asked);
    setSecret(
      new ShownSecret([
        { name: 'TmpSecretId', key: 'secretId', value: Credentials.TmpSecretId },
        { name: 'TmpSecretKey', key: 'secretKey', value: Credentials.TmpSecretKey },
        { name: 'Token', key: 'token', value: Credentials.Token },
      ]),
    );
  };
  return (
    <Dialog title={say('keys.temporary')} onClose={onClose}>
      {secret !== null ? (
        <SecretOnce secret={secret} file="landbridge-temporary.json" />
      ) : (
        <>
          <p>{say('keys.temporaryWhat')}</p>
          <CallForm act={say('keys.temporaryNow')} go={create} fields={['Policy']}>
            {(wrongWith) => (
              <>
                <SelectField
                  label={say('keys.duration')}
                  value={duration}
                  choices={durations.map((seconds) => ({
                    value: String(seconds),
                    name: spanOf(seconds * 1000, language.value),
                  }))}
                  onChange={setDuration}
                />
                <PolicyEditor draft={draft} onChange={setDraft} wrong={wrongWith('Policy')} />
              </>
            )}
          </CallForm>
        </>
      )}
    </Dialog>
  );
}
