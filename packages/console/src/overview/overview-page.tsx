import { Link } from 'wouter-preact';
import { CreateLink } from '../create/create-link.tsx';
import { Age } from '../parts/age.tsx';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { SeverityMark } from '../tunnels/state-mark.tsx';
import { findingsOf, kindOf, type FoundAt, type StateKind, type Tunnel } from '../tunnels/tunnel.ts';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { GatewayTable } from './gateway-table.tsx';

/** What has to be looked at first; then what there is. */
export function OverviewPage() {
  useTitle(say('nav.overview'));
  const { tunnels } = useWorld();
  const all = tunnels.tunnels.value;
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.overview')}</h1>
        <ShownAge at={tunnels.at} />
        <CreateLink />
      </header>
      <Problem of={tunnels.problem.value} again={() => void tunnels.readAll(false)} />
      {all !== null && (
        <>
          <Tally tunnels={all} />
          <Attention found={findingsOf(all)} />
        </>
      )}
      <GatewayTable tunnels={all ?? []} />
    </section>
  );
}

const kinds: readonly StateKind[] = ['bad', 'waiting', 'unknown', 'good'];

function Tally({ tunnels }: { readonly tunnels: readonly Tunnel[] }) {
  const counts = Map.groupBy(tunnels, kindOf);
  return (
    <ul class="tally" aria-label={say('overview.tunnels')}>
      {kinds.map((kind) => (
        <li key={kind} class={kind}>
          <Link href={`/tunnels?filter=${encodeURIComponent(say(`kind.${kind}`))}`}>
            <strong class="number">{counts.get(kind)?.length ?? 0}</strong> {say(`kind.${kind}`)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const mostShown = 30;

function Attention({ found }: { readonly found: readonly FoundAt[] }) {
  return (
    <section class="panel">
      <h2>{say('overview.attention')}</h2>
      {found.length === 0 && <p class="empty">{say('overview.nothing')}</p>}
      <ul class="found">
        {found.slice(0, mostShown).map(({ tunnel, finding }) => (
          <li key={`${tunnel.VpnConnectionId} ${finding.Code}`}>
            <SeverityMark severity={finding.Severity} />
            <Link href={`/tunnels/${tunnel.VpnConnectionId}`}>
              {tunnel.VpnConnectionName || tunnel.VpnConnectionId}
            </Link>
            <span>{finding.Summary}</span>
            <span class="fine">
              <Age since={finding.Since} />
            </span>
          </li>
        ))}
      </ul>
      {found.length > mostShown && (
        <Link href="/tunnels">{say('overview.more', { count: found.length - mostShown })}</Link>
      )}
    </section>
  );
}
