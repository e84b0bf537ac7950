import { attachmentOf } from '../derive/ccn-routes.ts';
import type { Rows } from '../image/rows.ts';
import type { Vpc } from '../domain/vpc/vpc.ts';
import { foreignSourcesOfVpc } from '../derive/foreign-sources.ts';
import { countAndDrop, rangeSet, refuseIpv6, renderCounters, renderSourceChain } from './source-check.ts';

const fromSubnets = 'iifname "subnet-*"';

/** What comes out of a subnet has a source of its VPC (docs/adr/0019). 0.0.0.0 is a host that asks for an address. */
export function renderVpcSources({ id, cidr }: Vpc): string {
  return [
    renderCounters([id], ['outside-vpc', 'others-source', 'ipv6']),
    renderSourceChain([
      ...refuseIpv6(fromSubnets, countAndDrop(id, 'ipv6')),
      `${fromSubnets} ip saddr 0.0.0.0 drop`,
      `${fromSubnets} ip saddr != ${cidr} ${countAndDrop(id, 'outside-vpc')}`,
    ]),
  ].join('');
}

/** Lines of the forward chain: what enters a CCN has none that the CCN knows as another instance's. VPCs may overlap. */
export function refuseOthersSources(vpc: Vpc, rows: Rows): string[] {
  const { id } = vpc;
  const attachment = attachmentOf(id, rows);
  const set = rangeSet(foreignSourcesOfVpc(vpc, rows));
  if (attachment === undefined || set === undefined) return [];
  return [`${fromSubnets} oifname "${attachment.ccnId}" ip saddr ${set} ${countAndDrop(id, 'others-source')}`];
}
