import { cidrContains, cidrsOverlap, everything, type Cidr } from '@landbridge/net';
import { refuseQuota } from '../operator/quota-refusal.ts';
import type { Quotas } from '../operator/quotas.ts';
import { refuse, type Words } from '../refusal.ts';
import type { VpnGatewayId } from '../resource-id.ts';
import { mappingsOf, type Mapping, type SecurityPolicyEntry, type VpnConnection } from './vpn-connection.ts';

/** Rules of security policies (docs/spec/semantics.md section 5). Pure. */

const thisTunnel: Words = { en: 'this tunnel', zh: '本通道' };

/** Two mappings that no lookup could tell apart: their local and their remote ranges overlap. */
export function mappingsConflict(a: Mapping, b: Mapping): boolean {
  // Most tunnels of a gateway have their local range in common.
  return cidrsOverlap(a.remote, b.remote) && cidrsOverlap(a.local, b.local);
}

/** 0.0.0.0/0 ↔ 0.0.0.0/0 and nothing else: the caller means destination routing. */
export function isWildcardPolicy(policies: readonly SecurityPolicyEntry[]): boolean {
  const mappings = mappingsOf({ policies });
  return mappings.length === 1 && mappings[0]?.local === everything && mappings[0].remote === everything;
}

/** Refuses lists that contradict themselves or their VPC, whose ranges are given: none on gateways without a VPC. */
export function checkPolicies(policies: readonly SecurityPolicyEntry[], vpcRanges: readonly Cidr[]): void {
  for (const { local, remotes } of policies) {
    for (const [index, remote] of remotes.entries()) {
      checkPair(local, remote, vpcRanges);
      const other = remotes.slice(0, index).find((earlier) => cidrsOverlap(earlier, remote));
      if (other !== undefined) refuse('policy-remotes-overlap', { local, first: other, second: remote });
    }
  }
  const mappings = mappingsOf({ policies });
  for (const [index, mapping] of mappings.entries()) {
    const other = mappings.slice(0, index).find((earlier) => mappingsConflict(earlier, mapping));
    if (other !== undefined) {
      refuse('policy-conflict', { mapping: mappingText(mapping), other: mappingText(other), owner: thisTunnel });
    }
  }
}

/** The other SPD tunnels of a gateway. */
export interface SpdTunnels {
  readonly gatewayId: VpnGatewayId;
  /** How many mappings they have. */
  readonly countMappings: () => number;
  /** Those with a mapping that conflicts with this one. */
  readonly conflictingWith: (mapping: Mapping) => readonly Pick<VpnConnection, 'id' | 'policies'>[];
}

/** Refuses mappings that collide with those of another tunnel of the gateway. */
export function checkAgainstOthers(policies: readonly SecurityPolicyEntry[], others: SpdTunnels, quotas: Quotas): void {
  const mappings = mappingsOf({ policies });
  if (mappings.length === 0) return;
  if (mappings.length + others.countMappings() > quotas.mappingsPerVpnGateway) {
    refuseQuota(quotas, 'mappingsPerVpnGateway', others.gatewayId);
  }
  for (const mapping of mappings) {
    const [owner] = others.conflictingWith(mapping);
    const other = owner && mappingsOf(owner).find((candidate) => mappingsConflict(candidate, mapping));
    if (owner !== undefined && other !== undefined) {
      refuse('policy-conflict', { mapping: mappingText(mapping), other: mappingText(other), owner: owner.id });
    }
  }
}

/** Refuses more of them than is kept. */
export function checkSizes(policies: readonly SecurityPolicyEntry[], quotas: Quotas): void {
  if (policies.length > quotas.policiesPerVpnConnection) {
    refuseQuota(quotas, 'policiesPerVpnConnection', thisTunnel);
  }
  if (policies.some(({ remotes }) => remotes.length > quotas.remotesPerPolicy)) {
    refuseQuota(quotas, 'remotesPerPolicy', thisTunnel);
  }
}

/** 0.0.0.0/0 stands for "everything else" and so does not count as overlapping its own counterpart. */
function checkPair(local: Cidr, remote: Cidr, vpcRanges: readonly Cidr[]): void {
  const named = local !== everything && remote !== everything;
  if (named && cidrsOverlap(local, remote)) refuse('policy-local-overlaps-remote', { local, remote });
  const vpcCidr = vpcRanges.find((range) => cidrContains(range, remote));
  if (vpcCidr !== undefined) refuse('policy-remote-inside-vpc', { remote, vpcCidr });
}

function mappingText({ local, remote }: Mapping): string {
  return `${local} - ${remote}`;
}
