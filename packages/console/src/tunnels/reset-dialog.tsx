import { useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import type { Tunnel } from './tunnel.ts';

/** Says what a reset does before it is done. */
export function ResetDialog({ tunnel, onClose }: { readonly tunnel: Tunnel; readonly onClose: () => void }) {
  const { gateways } = useWorld();
  const [progress, setProgress] = useState<'asked' | 'going' | 'done'>('asked');
  const [problem, setProblem] = useState<unknown>(null);
  const reset = async () => {
    setProgress('going');
    setProblem(null);
    const { VpnGatewayId, VpnConnectionId } = tunnel;
    try {
      await call('ResetVpnConnection', { VpnGatewayId, VpnConnectionId }, gateways.placeOf(VpnGatewayId));
      setProgress('done');
    } catch (error) {
      setProgress('asked');
      setProblem(error);
    }
  };
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
