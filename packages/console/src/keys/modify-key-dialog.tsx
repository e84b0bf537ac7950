import { useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { Dialog } from '../parts/dialog.tsx';
import { say } from '../words/said.ts';
import { CallForm } from './call-form.tsx';
import type { KeyDialogProps } from './key-dialog-props.ts';
import { PolicyEditor } from './policy-editor.tsx';
import { draftOf, policyOf } from './policy.ts';
import { RateField } from './rate-field.tsx';

/** What a key may do and how often; what is not touched stays as somebody else may have made it meanwhile. */
export function ModifyKeyDialog({ accessKey, isOwn, onDone, onClose }: KeyDialogProps) {
  const { SecretId, AccountName, CallsPerSecond, Policy } = accessKey;
  const [draft, setDraft] = useState(() => draftOf(Policy));
  const [isPolicyTouched, setPolicyTouched] = useState(false);
  const [rate, setRate] = useState(String(CallsPerSecond));
  const modify = async () => {
    const policy = isPolicyTouched ? { changed: policyOf(draft) } : null;
    await call('ModifyAccessKey', {
      SecretId,
      ...(Number(rate) !== CallsPerSecond && { CallsPerSecond: Number(rate) }),
      ...(policy !== null && (policy.changed === null ? { RemovePolicy: true } : { Policy: policy.changed })),
    });
    onDone();
    onClose();
  };
  return (
    <Dialog title={say('keys.modify')} onClose={onClose}>
      <p>
        <code>{SecretId}</code> · {AccountName}
      </p>
      {isOwn && <p class="once">{say('keys.modifyOwn')}</p>}
      <CallForm act={say('keys.modifyNow')} go={modify} fields={['CallsPerSecond', 'Policy']}>
        {(wrongWith) => (
          <>
            <PolicyEditor
              draft={draft}
              onChange={(changed) => {
                setDraft(changed);
                setPolicyTouched(true);
              }}
              wrong={wrongWith('Policy')}
            />
            <RateField value={rate} onInput={setRate} wrong={wrongWith('CallsPerSecond')} />
          </>
        )}
      </CallForm>
    </Dialog>
  );
}
