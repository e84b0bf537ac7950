import { useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { useWorld } from '../world.ts';
import type { Tunnel } from './tunnel.ts';

/** Negotiates a tunnel anew, when that is asked for. */
export function useReset({ VpnGatewayId, VpnConnectionId }: Tunnel) {
  const { gateways } = useWorld();
  const [progress, setProgress] = useState<'asked' | 'going' | 'done'>('asked');
  const [problem, setProblem] = useState<unknown>(null);
  const reset = async () => {
    setProgress('going');
    setProblem(null);
    try {
      await call('ResetVpnConnection', { VpnGatewayId, VpnConnectionId }, gateways.placeOf(VpnGatewayId));
      setProgress('done');
    } catch (error) {
      setProgress('asked');
      setProblem(error);
    }
  };
  return { progress, problem, reset };
}
