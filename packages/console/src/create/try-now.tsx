import { Problem } from '../parts/problem.tsx';
import type { Tunnel } from '../tunnels/tunnel.ts';
import { useReset } from '../tunnels/use-reset.ts';
import { say } from '../words/said.ts';

/** Begins to negotiate at once, rather than when the gateway tries next: of a tunnel that is down there is nothing to lose. */
export function TryNow({ tunnel }: { readonly tunnel: Tunnel }) {
  const { progress, problem, reset } = useReset(tunnel);
  return (
    <>
      <button type="button" disabled={progress === 'going'} onClick={() => void reset()}>
        {say('create.peers.tryNow')}
      </button>
      <Problem of={problem} />
    </>
  );
}
