import { useState } from 'preact/hooks';
import { Fact } from '../parts/fact.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { RotateKeyDialog } from './rotate-key-dialog.tsx';
import { TemporaryDialog } from './temporary-dialog.tsx';

/** What everybody may do with the key of his session; others of his account are the operator's to make and to see. */
export function OwnKey() {
  const { session } = useWorld();
  const [open, setOpen] = useState<'rotate' | 'temporary' | null>(null);
  const close = () => setOpen(null);
  return (
    <section class="panel">
      <h2>{say('keys.own')}</h2>
      <dl class="facts">
        <Fact name="SecretId">
          <code>{session.SecretId}</code>
        </Fact>
        <Fact name={say('keys.account')}>{session.AccountName}</Fact>
      </dl>
      <p class="fine">{say('keys.byOperator')}</p>
      <p class="choices">
        <button type="button" onClick={() => setOpen('rotate')}>
          {say('keys.rotateOpen')}
        </button>
        <button type="button" onClick={() => setOpen('temporary')}>
          {say('keys.temporaryOpen')}
        </button>
      </p>
      {open === 'rotate' && (
        <RotateKeyDialog secretId={session.SecretId} isOwn onDone={() => undefined} onClose={close} />
      )}
      {open === 'temporary' && <TemporaryDialog onClose={close} />}
    </section>
  );
}
