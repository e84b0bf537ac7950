import { cidrContains, compareCidr, type Cidr } from '@landbridge/net';
import type { CcnAttachment } from '../domain/ccn/ccn.ts';
import { isAnnounced } from '../domain/ccn/ccn-route-policy.ts';
import type { CcnRangeKey } from '../domain/ccn/ccn-range-key.ts';
import { rangesOfVpc, type VpcRanges } from '../domain/vpc/vpc.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../image/rows.ts';
import { wholeRangeOf } from './ccn-announcement.ts';
import { ccnCandidatesOf, isCertain, type CcnCandidate } from './ccn-candidates.ts';
import { derivation } from './derivation.ts';
import { policiesInForce } from './policies-in-force.ts';

/** What a CCN announces as long as it serves: `ccnAnnouncement`, for any usability of tunnels. */
export interface CcnOffer {
  readonly destination: Cidr;
  /** Announced while one of these is enabled (CcnCandidate.key); null: always. */
  readonly ranges: readonly CcnRangeKey[] | null;
}

/** To a VPN or Direct Connect gateway: whole ranges of VPCs, and the ranges of the other gateways. */
export function offeredToGateway(attachment: CcnAttachment, rows: Rows): readonly CcnOffer[] {
  return toGateway(attachment, rows, assumeUsable);
}

/** To a VPC: everybody else's ranges but those that are local to the VPC. */
export function offeredToVpc(attachment: CcnAttachment, vpc: VpcRanges, rows: Rows): readonly CcnOffer[] {
  return toVpc({ attachment, local: rangesOfVpc(vpc) }, rows, assumeUsable);
}

const toGateway = derivation('offered to a gateway', hearerOf, (hearer, rows) =>
  offersOf(candidatesFor(hearer, rows), (candidate) => wholeRangeOf(candidate, rows)),
);

interface Outside {
  readonly attachment: CcnAttachment;
  /** Ranges of the VPC. */
  readonly local: readonly Cidr[];
}

const toVpc = derivation(
  'offered to a VPC',
  ({ attachment, local }: Outside) => ({ hearer: hearerOf(attachment), local }),
  ({ hearer, local }, rows) => {
    const isLocal = ({ destination }: CcnCandidate) => local.some((own) => cidrContains(own, destination));
    const outside = candidatesFor(hearer, rows).filter((candidate) => !isLocal(candidate));
    return offersOf(outside, ({ destination }) => destination);
  },
);

/** All of an attachment that counts here. */
type Hearer = Pick<CcnAttachment, 'ccnId' | 'routeTableId' | 'region' | 'instance'>;

function hearerOf({ ccnId, routeTableId, region, instance }: CcnAttachment): Hearer {
  return { ccnId, routeTableId, region, instance };
}

/** Of others, in the table that the instance is bound to, as far as its broadcast policies let them out. */
function candidatesFor(hearer: Hearer, rows: Rows): CcnCandidate[] {
  const policies = policiesInForce(hearer.routeTableId, 'broadcast', rows);
  return ccnCandidatesOf(hearer, rows).filter(
    (candidate) => candidate.instance.id !== hearer.instance.id && isAnnounced(candidate, hearer, policies),
  );
}

function offersOf(candidates: readonly CcnCandidate[], destinationOf: (candidate: CcnCandidate) => Cidr): CcnOffer[] {
  return [...Map.groupBy(candidates, destinationOf)]
    .sort(([a], [b]) => compareCidr(a, b))
    .map(([destination, same]) => ({
      destination,
      ranges: same.some(isCertain) ? null : same.map(({ key }) => key),
    }));
}
