import { useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { Problem } from '../parts/problem.tsx';
import type { Tunnel } from '../tunnels/tunnel.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';

/** Begins to negotiate at once, rather than when the gateway tries next: of a tunnel that is down there is nothing to lose. */
export function TryNow({ tunnel: { VpnGatewayId, VpnConnectionId } }: { readonly tunnel: Tunnel }) {
  const { gateways } = useWorld();
  const [isGoing, setGoing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const begin = async () => {
    setGoing(true);
    setProblem(null);
    try {
      await call('ResetVpnConnection', { VpnGatewayId, VpnConnectionId }, gateways.placeOf(VpnGatewayId));
    } catch (error) {
      setProblem(error);
    }
    setGoing(false);
  };
  return (
    <>
      <button type="button" disabled={isGoing} onClick={() => void begin()}>
        {say('create.peers.tryNow')}
      </button>
      <Problem of={problem} />
    </>
  );
}
