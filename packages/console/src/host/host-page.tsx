import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { call } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { passedSince } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { Age } from '../parts/age.tsx';
import { Problem } from '../parts/problem.tsx';
import { useTitle } from '../parts/use-title.ts';
import { Fact } from '../parts/fact.tsx';
import { language, say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { Conditions } from './conditions.tsx';
import { GatewayPlans } from './gateway-plans.tsx';
import { RoomMark } from './room-mark.tsx';
import type { SystemStatus } from './system-status.ts';
import { WaitingSince } from './waiting-since.ts';

/** The machine that carries it all: for its operator. */
export function HostPage() {
  useTitle(say('nav.host'));
  const { session } = useWorld();
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.host')}</h1>
      </header>
      {session.IsAdministrator ? <Host /> : <p class="empty">{say('host.notYours')}</p>}
    </section>
  );
}

/** It tells of each tunnel, so it is not asked for with each change. */
const everyMs = 10_000;

function Host() {
  const waiting = useMemo(() => new WaitingSince(), []);
  const status = useLoaded('host', () => ({
    ...{ kinds: ['vpnGateways'], everyMs },
    load: async (isBackground: boolean) => {
      const read = await call('DescribeSystemStatus', {}, { isBackground });
      waiting.note(read.Gateways, Date.now());
      return read;
    },
  }));
  const shown = status.value.value;
  const at = status.at.value;
  return (
    <>
      <p class="fine">
        {at === null ? say('shown.loading') : say('shown.as', { age: spanOf(passedSince(at), language.value) })}
      </p>
      <Problem of={status.problem.value} again={() => void status.refresh(false)} />
      {shown !== null && (
        <div class="panels">
          <HostFacts status={shown} />
          <Conditions conditions={shown.Conditions} />
          <GatewayPlans gateways={shown.Gateways} waiting={waiting} />
        </div>
      )}
    </>
  );
}

function HostFacts({ status }: { readonly status: SystemStatus }) {
  const { Version, DataPlane, DataPlaneReason, StartedAt, LoopLagMs, Uplink, Capacity, Counts } = status;
  return (
    <section class="panel">
      <h2>{say('host.facts')}</h2>
      <dl class="facts">
        <Fact name={say('host.version')}>{Version}</Fact>
        <Fact name={say('host.dataPlane')}>
          <code>{DataPlane}</code> <span class="fine">{DataPlaneReason}</span>
        </Fact>
        <Fact name={say('host.runs')}>
          <Age since={`${StartedAt.replace(' ', 'T')}Z`} />
        </Fact>
        <Fact name={say('host.lag')}>{LoopLagMs === null ? '–' : say('host.lagMs', { ms: LoopLagMs })}</Fact>
        <Fact name={say('host.uplink')}>
          {Uplink === null ? (
            <span class="mark bad">{say('host.noUplink')}</span>
          ) : (
            say('host.uplinkIs', { mode: Uplink.Mode, device: Uplink.Device, mtu: Uplink.PathMtu })
          )}
        </Fact>
        {Uplink !== null && (
          <Fact name={say('host.addresses')}>
            <span class={`mark ${Uplink.Free === 0 ? 'waiting' : 'good'}`}>
              {say('host.addressesFree', { free: Uplink.Free, all: Uplink.Addresses })}
            </span>
          </Fact>
        )}
        {Capacity !== null && (
          <>
            <Fact name={say('host.moreGateways')}>
              <RoomMark room={Capacity.VpnGateways} />
            </Fact>
            <Fact name={say('host.moreTunnels')}>
              <RoomMark room={Capacity.VpnConnections} />
            </Fact>
          </>
        )}
        <Fact name={say('host.counts')}>
          {say('host.countsAre', {
            vpcs: Counts.Vpcs,
            subnets: Counts.Subnets,
            gateways: Counts.VpnGateways,
            peers: Counts.CustomerGateways,
            tunnels: Counts.VpnConnections,
          })}
        </Fact>
      </dl>
      <p class="fine">
        {say('host.doctor')} <code>landbridge doctor</code>
      </p>
      <p>
        <Link href="/host/plans/host">{say('host.planOfHost')}</Link>
      </p>
    </section>
  );
}
