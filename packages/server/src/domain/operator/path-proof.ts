import type { IpAddress } from '@landbridge/net';
import type { SubnetId } from '../resource-id.ts';

/** What shall be proven: that packets of a subnet reach an address, or a host in another subnet. */
export interface ProofOrder {
  /** Says nothing to the side that proves but how often. */
  readonly accountId: string;
  readonly from: SubnetId;
  readonly to: ProofTarget;
}

export type ProofTarget =
  | { readonly kind: 'address'; readonly address: IpAddress }
  /** A host of ours stands there as well. */
  | { readonly kind: 'subnet'; readonly id: SubnetId };

/** What became of packets that a host of ours sent. */
export interface PathProof {
  /** Of our host, free until then and afterwards. */
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Echo requests. */
  readonly sent: number;
  /** Of them at the other end; null: no host of ours stands there. */
  readonly arrived: number | null;
  readonly answered: number;
  /** Null where nothing was answered. */
  readonly delay: ProofDelay | null;
  /** Who said that a packet goes no further, instead. */
  readonly refusals: readonly IcmpRefusal[];
  /** Who sent a packet back that may be forwarded so often and no more: from none on, in turn; null: nobody did. */
  readonly routers: readonly (IpAddress | null)[];
  /** Milliseconds since the epoch. */
  readonly provenAt: number;
}

export interface ProofDelay {
  readonly leastMs: number;
  readonly meanMs: number;
  readonly mostMs: number;
}

/** ICMP errors of the same kind, such as `Destination Net Unreachable`, from the same address. */
export interface IcmpRefusal {
  readonly from: IpAddress;
  readonly message: string;
  readonly packets: number;
}

/** Who proves paths. Whoever cannot be reached now rejects with NotProvingError. */
export interface PathProving {
  prove(order: ProofOrder): Promise<PathProof | ProofRefusal>;
}

/** Why nothing is sent now. */
export type ProofRefusal =
  'not-there' | 'no-free-address' | 'vpc-busy' | 'host-busy' | 'account-proves-often' | 'not-started';

export const proofRefusals = [
  ...(['not-there', 'no-free-address', 'vpc-busy', 'host-busy', 'account-proves-often', 'not-started'] as const),
] as const satisfies readonly ProofRefusal[];

/** The acting side is away, or of a version that proves nothing. */
export class NotProvingError extends Error {
  override readonly name = 'NotProvingError';
}

export const proofBounds = {
  /** Of one proof. */
  echoes: 10,
  spacingMs: 200,
  answerMs: 1000,
  /** Packets that may be forwarded so often, one each: as many routers of ours as a way has, and one beyond. */
  routers: 5,
  /** Of which refusals are told. */
  refusals: 5,
  /** Addresses of a subnet that are asked for, of which one has to be free. */
  candidates: 6,
  /** As long as the kernel asks for an address: three times, a second apart. */
  addressMs: 4500,
  /** All of it, on a machine that is slow or busy. */
  wholeMs: 30_000,
  /** That run at a time, of all accounts; one in a VPC. */
  perHost: 3,
  perAccountAndMinute: 10,
} as const;
