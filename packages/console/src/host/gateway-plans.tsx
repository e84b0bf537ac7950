import { Link } from 'wouter-preact';
import { passedSince } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { language, say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import type { SystemStatus } from './system-status.ts';
import { Table } from '../parts/table.tsx';
import { isWaiting, type WaitingSince } from './waiting-since.ts';

type Gateway = SystemStatus['Gateways'][number];

const columns = ['gateway', 'plan', 'wanted', 'applied', 'tunnels', 'sources'] as const;
/** Those in trouble come first. */
const mostShown = 200;

interface GatewayPlansProps {
  readonly gateways: readonly Gateway[];
  readonly waiting: WaitingSince;
}

/** Whether what each gateway shall be is in the network; if not, why and for how long. */
export function GatewayPlans({ gateways, waiting }: GatewayPlansProps) {
  const sorted = [...gateways].sort((a, b) => troubleOf(b) - troubleOf(a));
  return (
    <section class="panel wide">
      <h2>{say('host.gateways')}</h2>
      {gateways.length === 0 && <p class="empty">{say('overview.noGateways')}</p>}
      {gateways.length > 0 && (
        <Table heads={columns.map((column) => say(`host.column.${column}`))}>
          {sorted.slice(0, mostShown).map((gateway) => (
            <GatewayRow key={gateway.VpnGatewayId} gateway={gateway} since={waiting.of(gateway.VpnGatewayId)} />
          ))}
        </Table>
      )}
      {gateways.length > mostShown && <p class="fine">{say('mutes.more', { count: gateways.length - mostShown })}</p>}
    </section>
  );
}

function troubleOf(gateway: Gateway): number {
  if (gateway.Error !== '') return 2;
  return isWaiting(gateway) ? 1 : 0;
}

interface GatewayRowProps {
  readonly gateway: Gateway;
  /** Milliseconds of this machine's clock; undefined: its plan does not wait. */
  readonly since: number | undefined;
}

function GatewayRow({ gateway, since }: GatewayRowProps) {
  const { gateways } = useWorld();
  const { VpnGatewayId: id, Generation, Applied, Tunnels, SourceCheck } = gateway;
  return (
    <tr>
      <th scope="row">
        <Link href={`/host/plans/${id}`}>{gateways.nameOf(id)}</Link> <code class="fine">{id}</code>
      </th>
      <td class="text">
        <PlanMark gateway={gateway} since={since} />
      </td>
      <td class="number">{Generation}</td>
      <td class="number">{Applied < 0 ? '–' : Applied}</td>
      <td class="number">{Tunnels.length}</td>
      <td>{say(SourceCheck ? 'host.checked' : 'host.unchecked')}</td>
    </tr>
  );
}

function PlanMark({ gateway, since }: GatewayRowProps) {
  if (gateway.Error !== '')
    return (
      <>
        <span class="mark bad">▲ {say('host.failed')}</span> {gateway.Error}
      </>
    );
  if (since === undefined) return <span class="mark good">● {say('overview.applied')}</span>;
  return <span class="mark waiting">◐ {say('host.waiting', { age: spanOf(passedSince(since), language.value) })}</span>;
}
