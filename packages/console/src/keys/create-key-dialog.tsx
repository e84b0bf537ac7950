import { useMemo, useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { TextField } from '../forms/fields.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { say } from '../words/said.ts';
import { CallForm } from './call-form.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { policyOf, type PolicyDraft } from './policy.ts';
import { RateField } from './rate-field.tsx';
import { Repeatable } from './repeatable.ts';
import { SecretOnce } from './secret-once.tsx';
import { keySecret, type ShownSecret } from './shown-secret.ts';

interface CreateKeyDialogProps {
  /** Of keys that there are: typed by choosing. */
  readonly accounts: readonly string[];
  readonly onMade: () => void;
  readonly onClose: () => void;
}

export function CreateKeyDialog({ accounts, onMade, onClose }: CreateKeyDialogProps) {
  const repeatable = useMemo(() => new Repeatable(), []);
  const [account, setAccount] = useState('');
  const [rate, setRate] = useState('0');
  const [draft, setDraft] = useState<PolicyDraft>({ as: 'preset', preset: 'all' });
  const [secret, setSecret] = useState<ShownSecret | null>(null);
  const create = async () => {
    const Policy = policyOf(draft);
    const asked = { AccountName: account.trim(), CallsPerSecond: Number(rate), ...(Policy !== null && { Policy }) };
    setSecret(keySecret(await call('CreateAccessKey', { ...asked, ClientToken: repeatable.tokenFor(asked) })));
    onMade();
  };
  return (
    <Dialog title={say('keys.create')} onClose={onClose}>
      {secret !== null ? (
        <SecretOnce secret={secret} file={`${secret.valueOf('SecretId')}.json`} />
      ) : (
        <CallForm act={say('keys.createNow')} go={create} fields={['AccountName', 'CallsPerSecond', 'Policy']}>
          {(wrongWith) => (
            <>
              <TextField
                label={say('keys.account')}
                hint={accountHint(account.trim(), accounts)}
                value={account}
                onInput={setAccount}
                required
                wrong={wrongWith('AccountName')}
              />
              <PolicyEditor draft={draft} onChange={setDraft} wrong={wrongWith('Policy')} />
              <RateField value={rate} onInput={setRate} wrong={wrongWith('CallsPerSecond')} />
            </>
          )}
        </CallForm>
      )}
    </Dialog>
  );
}

function accountHint(account: string, accounts: readonly string[]): string {
  if (account === '') return say('keys.accountHint');
  return say(accounts.includes(account) ? 'keys.accountKnown' : 'keys.accountNew');
}
