import { aggregateCidrs, normalizeCidr, type Cidr } from '@landbridge/net';
import type { Rows } from '../image/rows.ts';
import type { DirectConnectGateway } from '../domain/direct-connect/direct-connect-gateway.ts';
import type { DirectConnectLine } from '../domain/direct-connect/direct-connect-line.ts';
import { rangesOfVpc } from '../domain/vpc/vpc.ts';
import { foreignSources } from '../derive/foreign-sources.ts';
import type { TablePlan } from '../plan/packet-filter.ts';
import { accept, always, is, isNot, when } from './filter-words.ts';
import {
  acceptSources,
  countAndDrop,
  dropCounters,
  errorsAbout,
  inRanges,
  refuseIpv6,
  sourceChain,
} from './source-check.ts';

/**
 * What comes out of a dedicated line has a source in a range behind it (docs/adr/0019), and none of the network's. The line's
 * own network speaks to the gateway only; routers there may report errors about packets on their way to those ranges.
 * @param device of the line.
 */
export function checkLineSources(
  gateway: DirectConnectGateway,
  { localAddress }: DirectConnectLine,
  device: string,
  rows: Rows,
): Partial<TablePlan> {
  const { id } = gateway;
  const ranges = aggregateCidrs(rangesBehindLine(gateway, rows));
  const errors = errorsAbout(ranges);
  const foreign = inRanges('ip saddr', sourcesOfNetwork(gateway, rows));
  const [ownAddress = ''] = localAddress.split('/');
  const rules = [
    ...refuseIpv6(...countAndDrop(id, 'ipv6')),
    ...(foreign === undefined ? [] : [when(foreign).do(...countAndDrop(id, 'network-source'))]),
    ...acceptSources(ranges),
    when(is('ip saddr', normalizeCidr(localAddress)), is('ip daddr', ownAddress)).do(accept),
    ...(errors === undefined ? [] : [when(...errors).do(accept)]),
    always(...countAndDrop(id, 'outside-ranges')),
  ];
  return {
    counters: dropCounters([id], ['network-source', 'outside-ranges', 'ipv6']),
    chains: [sourceChain([isNot('iifname', device)], rules)],
  };
}

/** The gateway's own in a CCN; in a VPC what an enabled route of the VPC leads to the gateway. */
function rangesBehindLine({ id, network }: DirectConnectGateway, rows: Rows): Cidr[] {
  const { vpcRoutes, directConnectRanges } = rows;
  const behind =
    network === 'vpc'
      ? vpcRoutes.of('nextHop', id).filter(({ enabled }) => enabled)
      : directConnectRanges.of('directConnectGateway', id);
  return behind.map(({ destination }) => destination);
}

function sourcesOfNetwork({ id, vpcId }: DirectConnectGateway, rows: Rows): readonly Cidr[] {
  const vpc = vpcId === null ? undefined : rows.vpcs.get(vpcId);
  return vpc === undefined ? foreignSources(id, rows) : rangesOfVpc(vpc);
}
