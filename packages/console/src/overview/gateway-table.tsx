import { Link } from 'wouter-preact';
import { call } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { bitsOf } from '../parts/bit-rate.ts';
import { Table } from '../parts/table.tsx';
import type { Gateway } from '../tunnels/gateway-book.ts';
import { kindOf, type Tunnel } from '../tunnels/tunnel.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';

const columns = ['gateway', 'address', 'tunnelsUp', 'plan', 'traffic'] as const;

/** Each gateway: where peers reach it, how many of its tunnels are up, whether its newest change is in force. */
export function GatewayTable({ tunnels }: { readonly tunnels: readonly Tunnel[] }) {
  const { gateways } = useWorld();
  const all = gateways.value.value;
  const byGateway = Map.groupBy(tunnels, ({ VpnGatewayId }) => VpnGatewayId);
  return (
    <section class="panel">
      <h2>{say('overview.gateways')}</h2>
      <Problem of={gateways.problem.value} again={() => void gateways.refresh(false)} />
      {all?.size === 0 && <p class="empty">{say('overview.noGateways')}</p>}
      {all !== null && all.size > 0 && (
        <Table heads={columns.map((column) => say(`overview.${column}`))}>
          {[...all.values()].map((gateway) => (
            <GatewayRow
              key={gateway.VpnGatewayId}
              gateway={gateway}
              tunnels={byGateway.get(gateway.VpnGatewayId) ?? []}
              showsTraffic={all.size <= mostWithTraffic}
            />
          ))}
        </Table>
      )}
    </section>
  );
}

/** With more gateways their traffic is not asked for: it is a question for each. */
const mostWithTraffic = 12;

interface GatewayRowProps {
  readonly gateway: Gateway;
  readonly tunnels: readonly Tunnel[];
  readonly showsTraffic: boolean;
}

function GatewayRow({ gateway, tunnels, showsTraffic }: GatewayRowProps) {
  const { VpnGatewayId: id, VpnGatewayName, PublicIpAddress, State } = gateway;
  const up = tunnels.filter((tunnel) => kindOf(tunnel) === 'good').length;
  const isApplied = State === 'AVAILABLE';
  return (
    <tr>
      <th scope="row">
        <Link href={`/tunnels?filter=${id}`}>{VpnGatewayName || id}</Link> <code class="fine">{id}</code>
      </th>
      <td>
        <code>{PublicIpAddress}</code>
      </td>
      <td class="number">
        <span class={`mark ${up === tunnels.length ? 'good' : 'bad'}`}>
          {up} / {tunnels.length}
        </span>
      </td>
      <td>
        <span class={`mark ${isApplied ? 'good' : 'waiting'}`}>
          {say(isApplied ? 'overview.applied' : 'overview.pending')}
        </span>
      </td>
      <td class="number">{showsTraffic && <GatewayTraffic id={id} />}</td>
    </tr>
  );
}

const hourMs = 3_600_000;

function GatewayTraffic({ id }: { readonly id: Gateway['VpnGatewayId'] }) {
  const history = useLoaded(id, () => ({
    ...{ kinds: [], everyMs: 60_000 },
    load: (isBackground: boolean) =>
      call(
        'DescribeTunnelHistory',
        { ResourceId: id, Step: 60, From: new Date(Date.now() - hourMs).toISOString() },
        { isBackground },
      ),
  }));
  const points = history.value.value?.PointSet.filter(({ CountedMs }) => CountedMs > 0) ?? [];
  const countedMs = points.reduce((sum, point) => sum + point.CountedMs, 0);
  if (countedMs === 0) return <span class="fine">–</span>;
  const rate = (name: 'InBytes' | 'OutBytes') =>
    bitsOf((points.reduce((sum, point) => sum + point[name], 0) * 8000) / countedMs);
  return (
    <>
      {rate('InBytes')} · {rate('OutBytes')}
    </>
  );
}
