import { aggregateCidrs, normalizeCidr, type Cidr } from '@landbridge/net';
import type { Rows } from '../image/rows.ts';
import type { DirectConnectGateway } from '../domain/direct-connect/direct-connect-gateway.ts';
import type { DirectConnectLine } from '../domain/direct-connect/direct-connect-line.ts';
import { foreignSources } from '../derive/foreign-sources.ts';
import {
  acceptSources,
  countAndDrop,
  matchErrorsAbout,
  rangeSet,
  refuseIpv6,
  renderCounters,
  renderSourceChain,
} from './source-check.ts';

/**
 * What comes out of a dedicated line has a source in a range behind it (docs/adr/0019), and none of the network's. The line's
 * own network speaks to the gateway only; routers there may report errors about packets on their way to those ranges.
 * @param device of the line.
 */
export function renderLineSources(
  gateway: DirectConnectGateway,
  { localAddress }: DirectConnectLine,
  device: string,
  rows: Rows,
): string {
  const { id } = gateway;
  const ranges = aggregateCidrs(rangesBehindLine(gateway, rows));
  const errors = matchErrorsAbout(ranges);
  const foreign = rangeSet(sourcesOfNetwork(gateway, rows));
  const [ownAddress = ''] = localAddress.split('/');
  const rules = [
    ...(foreign === undefined ? [] : [`ip saddr ${foreign} ${countAndDrop(id, 'network-source')}`]),
    ...acceptSources(ranges),
    `ip saddr ${normalizeCidr(localAddress)} ip daddr ${ownAddress} accept`,
    ...(errors === undefined ? [] : [`${errors} accept`]),
    countAndDrop(id, 'outside-ranges'),
  ];
  const fromLine = `iifname "${device}"`;
  return [
    renderCounters([id], ['network-source', 'outside-ranges', 'ipv6']),
    renderSourceChain([
      ...refuseIpv6(fromLine, countAndDrop(id, 'ipv6')),
      ...rules.map((rule) => `${fromLine} ${rule}`),
    ]),
  ].join('');
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
  return vpc === undefined ? foreignSources(id, rows) : [vpc.cidr];
}
