import { useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { SelectField, TextField } from '../forms/fields.tsx';
import { now } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { Dialog } from '../parts/dialog.tsx';
import type { Finding } from '../tunnels/tunnel.ts';
import { language, say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { CallForm } from './call-form.tsx';
import { useMutes, type Mute } from './mute-book.ts';
import { UnmuteButton, untilText } from './mutes.tsx';

/** On a finding: says that somebody knows of it, for how long, and why; or that somebody has. */
export function MuteButton({ finding }: { readonly finding: Finding }) {
  const mutes = useMutes(useWorld().mutes);
  const [isOpen, setOpen] = useState(false);
  const mute = mutes.of(finding.ResourceId, finding.Code);
  if (mute !== undefined)
    return (
      <div class="muted">
        {say('mutes.muted', { reason: mute.Reason, until: untilText(mute) })} <UnmuteButton mute={mute} />
      </div>
    );
  return (
    <>
      <button type="button" aria-label={`${say('mutes.mute')} ${finding.Code}`} onClick={() => setOpen(true)}>
        {say('mutes.mute')}
      </button>
      {isOpen && <MuteDialog finding={finding} onClose={() => setOpen(false)} />}
    </>
  );
}

const hour = 3600;
const spans = [hour, 4 * hour, 24 * hour, 7 * 24 * hour, 30 * 24 * hour];

function MuteDialog({ finding, onClose }: { readonly finding: Finding; readonly onClose: () => void }) {
  const { mutes } = useWorld();
  const [reason, setReason] = useState('');
  const [span, setSpan] = useState('');
  const mute = async () => {
    const until = span === '' ? {} : { Until: new Date(now.value + Number(span) * 1000).toISOString() };
    const VpnConnectionId = finding.ResourceId;
    await call('MuteFinding', { VpnConnectionId, Code: finding.Code as Mute['Code'], Reason: reason, ...until });
    onClose();
    await mutes.refresh(false);
  };
  return (
    <Dialog title={say('mutes.dialog')} onClose={onClose}>
      <p>{finding.Summary}</p>
      <p class="fine">{say('mutes.what')}</p>
      <CallForm act={say('mutes.muteNow')} go={mute} fields={['Reason', 'Until']}>
        {(wrongWith) => (
          <>
            <TextField
              label={say('mutes.column.reason')}
              value={reason}
              onInput={setReason}
              required
              wrong={wrongWith('Reason')}
            />
            <SelectField
              label={say('mutes.column.until')}
              value={span}
              choices={[
                { value: '', name: say('mutes.untilGone') },
                ...spans.map((seconds) => ({ value: String(seconds), name: spanOf(seconds * 1000, language.value) })),
              ]}
              onChange={setSpan}
              wrong={wrongWith('Until')}
            />
          </>
        )}
      </CallForm>
    </Dialog>
  );
}
