import { Link, useSearchParams } from 'wouter-preact';
import { ageOf } from '../parts/age.tsx';
import { fileName } from '../parts/file-name.ts';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { FindingCard } from '../tunnels/finding-card.tsx';
import { PeerFile, useVendors, type Vendor } from '../tunnels/peer/peer-file.tsx';
import { StateMark } from '../tunnels/state-mark.tsx';
import { isDown, kindOf, type Tunnel } from '../tunnels/tunnel.ts';
import { say } from '../words/said.ts';
import { TryNow } from './try-now.tsx';
import { useWorld } from '../world.ts';

/** What the devices of tunnels need, and whether the tunnels come up; while they do not, why. The tunnels are part of the address. */
export function PeersPage() {
  useTitle(say('create.peers'));
  const { tunnels } = useWorld();
  const [search] = useSearchParams();
  const ids = [...new Set((search.get('tunnels') ?? '').split(',').filter(Boolean))];
  const vendors = useVendors();
  const known = vendors.value.value ?? [];
  return (
    <section>
      <header class="bar">
        <h1>{say('create.peers')}</h1>
        <ShownAge at={tunnels.at} />
      </header>
      <Problem of={tunnels.problem.value} again={() => void tunnels.readAll(false)} />
      <Problem of={vendors.problem.value} again={() => void vendors.refresh(false)} />
      {ids.length === 0 && <p class="empty">{say('create.peers.none')}</p>}
      {tunnels.tunnels.value !== null &&
        ids.map((id) => {
          const tunnel = tunnels.of(id);
          if (tunnel === undefined)
            return (
              <p key={id} class="empty">
                {say('tunnel.gone', { id })}
              </p>
            );
          return <PeerPanel key={id} tunnel={tunnel} vendors={known} />;
        })}
    </section>
  );
}

interface PeerPanelProps {
  readonly tunnel: Tunnel;
  readonly vendors: readonly Vendor[];
}

function PeerPanel({ tunnel, vendors }: PeerPanelProps) {
  const { VpnConnectionId: id, VpnConnectionName, Since } = tunnel;
  const name = VpnConnectionName || id;
  return (
    <section class="panel" aria-label={name}>
      <header class="bar">
        <h2>{name}</h2>
        <span role="status">
          <StateMark tunnel={tunnel} />
        </span>
        <span class="number fine">{say('state.since', { age: ageOf(Since) })}</span>
        <Link href={`/tunnels/${id}`}>{say('create.peers.open')}</Link>
      </header>
      <Progress tunnel={tunnel} />
      <h3>{say('create.peers.file')}</h3>
      <PeerFile {...{ tunnel, vendors }} title={say('create.peers.file')} savedAs={() => fileName([name], 'txt')} />
      <KnownOf tunnel={tunnel} />
    </section>
  );
}

/** What has to happen, and how to have it happen at once; nothing where packets may pass though something is wrong. */
function Progress({ tunnel }: { readonly tunnel: Tunnel }) {
  const { Reason } = tunnel;
  if (kindOf(tunnel) === 'good')
    return (
      <>
        <p class="mark good">{say('create.peers.up')}</p>
        {Reason !== '' && <p class="fine">{say('create.peers.unproven', { reason: Reason })}</p>}
      </>
    );
  if (!isDown(tunnel) && kindOf(tunnel) !== 'unknown') return null;
  return (
    <>
      <p>{say('create.peers.waiting')}</p>
      {isDown(tunnel) && <TryNow tunnel={tunnel} />}
    </>
  );
}

/** What keeps it from coming up: below what has to be done in any case. */
function KnownOf({ tunnel }: { readonly tunnel: Tunnel }) {
  const { Reason, FindingSet } = tunnel;
  if (kindOf(tunnel) === 'good' || (Reason === '' && FindingSet.length === 0)) return null;
  return (
    <>
      <h3>{say('create.peers.bad')}</h3>
      {Reason !== '' && <p>{Reason}</p>}
      {FindingSet.map((finding) => (
        <FindingCard key={finding.Code} finding={finding} />
      ))}
    </>
  );
}
