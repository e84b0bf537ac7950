import { call } from '../../calls/call.ts';
import { useLoaded } from '../../live/loaded.ts';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import { hasBeginning, lastNegotiation, type Line, type Part } from './messages.ts';
import { Sequence } from './sequence.tsx';
import { stopOf } from './stop-of.ts';

type TunnelId = Tunnel['VpnConnectionId'];

/** The last negotiation with the peer, and what renewed its SAs since, message by message; and where it stopped. */
export function NegotiationPanel({ tunnel }: { readonly tunnel: Tunnel }) {
  const { VpnConnectionId: id, FindingSet } = tunnel;
  const negotiation = useLoaded(id, () => ({
    ...{ kinds: ['tunnelStates', 'vpnConnections'], id, everyMs: 15_000 },
    load: (isBackground: boolean) => read(id, isBackground),
  }));
  const parts = negotiation.value.value;
  return (
    <section class="panel wide">
      <h2>{say('handshake.title')}</h2>
      <Problem of={negotiation.problem.value} again={() => void negotiation.refresh(false)} />
      {parts?.length === 0 && <p class="empty">{say('handshake.none')}</p>}
      {parts !== null && parts.length > 0 && (
        <>
          {!hasBeginning(parts) && <p class="fine">{say('handshake.older')}</p>}
          <Sequence parts={parts} stop={stopOf(parts, FindingSet)} />
        </>
      )}
    </section>
  );
}

/** Probes of a peer that answers fill pages: further back nothing is looked for. */
const mostPages = 4;

async function read(id: TunnelId, isBackground: boolean): Promise<readonly Part[]> {
  const asked = { ResourceId: id, Kinds: ['ike' as const], Limit: 500 };
  const lines: Line[] = [];
  let parts: readonly Part[] = [];
  let token = '';
  for (let pages = 0; pages < mostPages; pages++) {
    const more = token === '' ? {} : { PaginationToken: token };
    const page = await call('DescribeTimeline', { ...asked, ...more }, { isBackground });
    lines.push(...page.LineSet);
    parts = lastNegotiation(lines.toReversed());
    if (hasBeginning(parts) || page.IsLast) return parts;
    token = page.PaginationToken;
  }
  return parts;
}
