import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import type { Tunnel } from './tunnel.ts';
import { useReset } from './use-reset.ts';

/** Says what a reset does before it is done. */
export function ResetDialog({ tunnel, onClose }: { readonly tunnel: Tunnel; readonly onClose: () => void }) {
  const { progress, problem, reset } = useReset(tunnel);
  const name = tunnel.VpnConnectionName || tunnel.VpnConnectionId;
  return (
    <Dialog title={name} onClose={onClose}>
      <p>{say(progress === 'done' ? 'tunnel.resetDone' : 'tunnel.resetWhat', { name })}</p>
      <Problem of={problem} />
      <form method="dialog" class="buttons">
        <button type="submit">{say(progress === 'done' ? 'close' : 'cancel')}</button>
        {progress !== 'done' && (
          <button type="button" class="strong" disabled={progress === 'going'} onClick={() => void reset()}>
            {say('tunnel.resetNow')}
          </button>
        )}
      </form>
    </Dialog>
  );
}
