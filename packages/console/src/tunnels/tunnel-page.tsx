import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { call } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { Age, ageOf } from '../parts/age.tsx';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { TrafficChart } from '../parts/traffic-chart.tsx';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { FindingCard } from './finding-card.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import { StateMark } from './state-mark.tsx';
import { TunnelNegotiation } from './tunnel-negotiation.tsx';
import { TunnelSettings } from './tunnel-settings.tsx';
import type { Tunnel } from './tunnel.ts';

type TunnelId = Tunnel['VpnConnectionId'];

/** One tunnel: how it is and what proves it, what is wrong and how it is mended, what it is made of, what happened. */
export function TunnelPage({ id }: { readonly id: string }) {
  const { tunnels } = useWorld();
  const tunnel = tunnels.tunnels.value === null ? null : tunnels.of(id);
  useTitle(tunnel?.VpnConnectionName ?? id);
  if (tunnel === null)
    return (
      <section>
        <Problem of={tunnels.problem.value} again={() => void tunnels.readAll(false)} />
        <ShownAge at={tunnels.at} />
      </section>
    );
  if (tunnel === undefined) return <p class="empty">{say('tunnel.gone', { id })}</p>;
  return (
    <section key={id}>
      <TunnelHead tunnel={tunnel} />
      <Problem of={tunnels.problem.value} again={() => void tunnels.readAll(false)} />
      <div class="panels">
        <section class="panel wide">
          <h2>{say('tunnel.findings')}</h2>
          {tunnel.FindingSet.length === 0 ? (
            <p class="empty">{say('tunnel.noFindings')}</p>
          ) : (
            tunnel.FindingSet.map((finding) => <FindingCard key={finding.Code} finding={finding} />)
          )}
        </section>
        <TunnelNegotiation tunnel={tunnel} />
        <TunnelSettings tunnel={tunnel} />
        <Traffic id={tunnel.VpnConnectionId} />
        <Events id={tunnel.VpnConnectionId} />
      </div>
    </section>
  );
}

function TunnelHead({ tunnel }: { readonly tunnel: Tunnel }) {
  const { tunnels, gateways } = useWorld();
  const [isResetting, setResetting] = useState(false);
  const { VpnConnectionName, VpnConnectionId, VpnGatewayId, Proof, ProvenAt, Since, Reason } = tunnel;
  return (
    <header class="tunnel-head">
      <div class="bar">
        <h1>{VpnConnectionName || VpnConnectionId}</h1>
        <code class="fine">{VpnConnectionId}</code>
        <span class="fine">{gateways.nameOf(VpnGatewayId)}</span>
        <ShownAge at={tunnels.at} />
        <Link href={`/objects/tunnels/${VpnConnectionId}`}>{say('objects.edit')}</Link>
        <button type="button" onClick={() => setResetting(true)}>
          {say('tunnel.reset')}
        </button>
      </div>
      <p class="state-line">
        <StateMark tunnel={tunnel} /> <span class="number">{say('state.since', { age: ageOf(Since) })}</span>
        <span class="fine">
          {ProvenAt === '' ? say('proof.none') : say('proof.at', { proof: Proof, age: ageOf(ProvenAt) })}
        </span>
      </p>
      {Reason !== '' && <p>{Reason}</p>}
      {isResetting && <ResetDialog tunnel={tunnel} onClose={() => setResetting(false)} />}
    </header>
  );
}

const hourMs = 3_600_000;
const stepSeconds = 60;

function Traffic({ id }: { readonly id: TunnelId }) {
  const history = useLoaded(id, () => ({
    kinds: [],
    everyMs: 60_000,
    load: (isBackground: boolean) =>
      call(
        'DescribeTunnelHistory',
        { ResourceId: id, Step: stepSeconds, From: new Date(Date.now() - hourMs).toISOString() },
        { isBackground },
      ),
  }));
  const { PointSet, From, To } = history.value.value ?? {};
  return (
    <section class="panel">
      <h2>{say('tunnel.traffic')}</h2>
      <Problem of={history.problem.value} again={() => void history.refresh(false)} />
      {PointSet !== undefined && From !== undefined && To !== undefined && (
        <TrafficChart points={PointSet} stepSeconds={stepSeconds} from={From} to={To} />
      )}
    </section>
  );
}

function Events({ id }: { readonly id: TunnelId }) {
  const events = useLoaded(id, () => ({
    ...{ kinds: ['tunnelStates', 'vpnConnections'], id, everyMs: 15_000 },
    load: (isBackground: boolean) => call('DescribeEvents', { ResourceId: id, Limit: 20 }, { isBackground }),
  }));
  const list = events.value.value?.EventSet;
  return (
    <section class="panel wide">
      <h2>{say('tunnel.events')}</h2>
      <Problem of={events.problem.value} again={() => void events.refresh(false)} />
      {list?.length === 0 && <p class="empty">{say('tunnel.noEvents')}</p>}
      <ol class="events">
        {list?.map(({ EventId, Time, Kind, Message }) => (
          <li key={EventId}>
            <Age since={Time} /> <code class="fine">{Kind}</code> <span>{Message}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
