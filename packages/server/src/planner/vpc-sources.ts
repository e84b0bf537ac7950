import { attachmentOf } from '../derive/ccn-routes.ts';
import type { Rows } from '../image/rows.ts';
import { rangesOfVpc, type Vpc } from '../domain/vpc/vpc.ts';
import { foreignSourcesOfVpc } from '../derive/foreign-sources.ts';
import { anySubnet } from '../plan/names.ts';
import type { FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { drop, is, isNot, when } from './filter-words.ts';
import { countAndDrop, dropCounters, inRanges, notInRanges, refuseIpv6, sourceChain } from './source-check.ts';

const fromSubnets = is('iifname', anySubnet);

/** What comes out of a subnet has a source of its VPC (docs/adr/0019). 0.0.0.0 is a host that asks for an address. */
export function checkVpcSources(vpc: Vpc): Partial<TablePlan> {
  const { id } = vpc;
  const rules = [
    ...refuseIpv6(...countAndDrop(id, 'ipv6')),
    when(is('ip saddr', '0.0.0.0')).do(drop),
    when(notInRanges('ip saddr', rangesOfVpc(vpc))).do(...countAndDrop(id, 'outside-vpc')),
  ];
  return {
    counters: dropCounters([id], ['outside-vpc', 'others-source', 'ipv6']),
    chains: [sourceChain([isNot('iifname', anySubnet)], rules)],
  };
}

/** Of the forward chain: what enters a CCN has no source that the CCN knows as another instance's. VPCs may overlap. */
export function refuseOthersSources(vpc: Vpc, rows: Rows): FilterRule[] {
  const { id } = vpc;
  const attachment = attachmentOf(id, rows);
  const foreign = inRanges('ip saddr', foreignSourcesOfVpc(vpc, rows));
  if (attachment === undefined || foreign === undefined) return [];
  return [when(fromSubnets, is('oifname', attachment.ccnId), foreign).do(...countAndDrop(id, 'others-source'))];
}
