import { firstHost, type IpAddress } from '@landbridge/net';
import { placesOfAddress } from '../../derive/places-of-address.ts';
import {
  NotProvingError,
  proofBounds,
  type PathProof,
  type ProofRefusal,
  type ProofTarget,
} from '../../domain/operator/path-proof.ts';
import { refuse } from '../../domain/refusal.ts';
import type { SubnetId } from '../../domain/resource-id.ts';
import type { Subnet } from '../../domain/vpc/subnet.ts';
import type { Rows } from '../../image/rows.ts';
import { askedOrAway } from '../asked-or-away.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import type { PathTrace, PathTraceService, ShownHop } from './path-traces.ts';

/** What packets did, beside what was to be expected of them. */
export interface ProvenPath {
  readonly proof: PathProof;
  readonly trace: PathTrace;
  readonly routers: readonly SeenRouter[];
}

/** Who answered instead of forwarding a packet, and which hop of the trace stands there. */
export interface SeenRouter {
  readonly address: IpAddress | null;
  /** Undefined: ways differ there, or have an end before. */
  readonly hop: Pick<ShownHop, 'at' | 'name'> | undefined;
}

export interface WantedProof {
  readonly from: SubnetId;
  readonly to: ProofTarget;
}

export type PathProofService = ReturnType<typeof pathProofService>;

type Dependencies = Pick<ServiceDependencies, 'decide' | 'pathProving' | 'clock'>;

/**
 * Packets are sent by the acting side alone, from a subnet of the account's own, to another one or to an address that it has a place for.
 * That an administrator sees everybody's makes him no sender in everybody's network.
 */
export function pathProofService(
  { decide, pathProving, clock }: Dependencies,
  { trace }: Pick<PathTraceService, 'trace'>,
) {
  return {
    prove: async (caller: Caller, { from, to }: WantedProof): Promise<ProvenPath> => {
      const { accountId, rehearsal } = caller;
      const ends = await decide(caller, (rows) => {
        const source = firstHost(ownSubnet(rows, accountId, from).cidr);
        if (to.kind === 'subnet') return { source, destination: firstHost(ownSubnet(rows, accountId, to.id).cidr) };
        return { source, destination: ownAddress(rows, accountId, to.address) };
      });
      const proof =
        rehearsal === null
          ? await askedOrAway(pathProving.prove({ accountId, from, to }), NotProvingError, 'proofs-away')
          : { ...nothingSent, ...ends, provenAt: clock.now() };
      if (typeof proof === 'string') return refuseFor(proof, from, to);
      const expected = await trace(caller, {
        from: { address: proof.source, placeId: from },
        to: { address: proof.destination, placeId: to.kind === 'subnet' ? to.id : null },
        ...{ protocol: 'icmp', port: null },
      });
      return { proof, trace: expected, routers: seenRouters(proof, expected) };
    },
  };
}

/** A subnet that packets may be sent from, and to. */
export function ownSubnet(rows: Pick<Rows, 'subnets'>, accountId: string, id: SubnetId): Subnet {
  const subnet = rows.subnets.get(id);
  return subnet?.accountId === accountId ? subnet : refuse('not-found', { id });
}

/** An address that packets may be sent to. */
export function ownAddress(rows: Rows, accountId: string, address: IpAddress): IpAddress {
  if (placesOfAddress(address, accountId, rows).length === 0) refuse('address-at-no-place', { address });
  return address;
}

const nothingSent = { sent: 0, arrived: null, answered: 0, delay: null, refusals: [], routers: [] } as const;

/** A packet that may pass n routers is sent back by the hop after them. */
function seenRouters({ routers }: PathProof, { forward }: PathTrace): SeenRouter[] {
  return routers.map((address, passed) => {
    const [first, ...others] = forward.ways.map(({ hops }) => hops[passed]);
    const isOne = first !== undefined && others.every((hop) => hop?.at === first.at);
    return { address, hop: isOne ? { at: first.at, name: first.name } : undefined };
  });
}

function refuseFor(why: ProofRefusal, from: SubnetId, to: ProofTarget): never {
  return refuseProof(why, to.kind === 'subnet' ? `${from}, ${to.id}` : from);
}

/** @param id of the subnets that hosts were to stand in */
export function refuseProof(why: ProofRefusal, id: string): never {
  switch (why) {
    case 'not-there':
      return refuse('proof-not-there', { id });
    case 'no-free-address':
      return refuse('proof-no-free-address', { id });
    case 'vpc-busy':
      return refuse('proof-under-way', { id });
    case 'host-busy':
      return refuse('proofs-of-host', { limit: proofBounds.perHost });
    case 'account-proves-often':
      return refuse('proofs-of-account', { limit: proofBounds.perAccountAndMinute });
    case 'not-started':
      return refuse('proof-failed', { id });
  }
}
