import { normalizeCidr, parseIpAddress, type Cidr, type IpAddress } from '@landbridge/net';
import { isResourceId, type VpcId } from '../domain/resource-id.ts';
import { netnsName } from '../plan/names.ts';
import type { NetnsPlan } from '../plan/plan.ts';

/** Where a host of ours may stand: a subnet's bridge. */
export interface ProofPlace {
  readonly vpc: VpcId;
  readonly netns: string;
  readonly bridge: string;
  /** What hosts there have as their gateway. */
  readonly router: IpAddress;
  readonly range: Cidr;
}

/** By the plans that are held here, whoever asks; undefined: no VPC has such a subnet. */
export function proofPlace(subnetId: string, plans: Iterable<NetnsPlan>): ProofPlace | undefined {
  for (const { key, links } of plans) {
    if (!isResourceId('vpc', key)) continue;
    const address = links.find(({ kind, name }) => kind === 'bridge' && name === subnetId)?.addresses[0]?.address;
    if (address === undefined) continue;
    const router = parseIpAddress(address.slice(0, address.indexOf('/')));
    return { vpc: key, netns: netnsName(key), bridge: subnetId, router, range: normalizeCidr(address) };
  }
  return undefined;
}
