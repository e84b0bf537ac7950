import { call } from '../calls/call.ts';
import { ended } from '../calls/session.ts';
import { Dialog } from '../parts/dialog.tsx';
import { say } from '../words/said.ts';
import { CallForm } from './call-form.tsx';
import type { KeyDialogProps } from './key-dialog-props.ts';

/** Says what ends with it before it is done. */
export function DeleteKeyDialog({ accessKey: { SecretId, AccountName }, isOwn, onDone, onClose }: KeyDialogProps) {
  const remove = async () => {
    await call('DeleteAccessKey', { SecretId });
    if (isOwn) {
      ended('key-gone');
      return;
    }
    onDone();
    onClose();
  };
  return (
    <Dialog title={say('keys.delete')} onClose={onClose}>
      <p>{say('keys.deleteWhat', { id: SecretId, account: AccountName })}</p>
      {isOwn && <p class="once">{say('keys.deleteOwn')}</p>}
      <CallForm act={say('keys.deleteNow')} go={remove}>
        {() => null}
      </CallForm>
    </Dialog>
  );
}
