import type { Parameters, Reply } from '../calls/call.ts';
import type { StateKind } from '../tunnels/tunnel.ts';
import type { Network } from './networks.ts';

export type Proof = Reply<'ProvePath'>;

/** A subnet that packets can be sent from, or to a host of the service in. */
export type SubnetId = Parameters<'ProvePath'>['SourceSubnetId'];

/** Null: no host of the service can stand there. */
export function subnetOf({ kind, places: [id] }: Pick<Network, 'kind' | 'places'>): SubnetId | null {
  return kind === 'subnet' && id !== undefined ? (id as SubnetId) : null;
}

const kinds: Readonly<Record<Proof['Verdict'], StateKind>> = {
  ...{ answered: 'good', 'some-answered': 'waiting', arrived: 'bad', refused: 'bad', silent: 'bad' },
};

/** That an address is silent which nobody has is no fault of the network: only where a host of ours stood, it is known. */
export function kindOfProof({ Verdict, Arrived }: Pick<Proof, 'Verdict' | 'Arrived'>): StateKind {
  return Verdict === 'silent' && Arrived === null ? 'unknown' : kinds[Verdict];
}

type Hop = Proof['Forward']['Ways'][number]['Hops'][number];

/** What is told of one hop: by computing, and by a packet. */
export interface ProvenHop {
  /** Null: no more hops are computed, and somebody answered all the same. */
  readonly hop: Hop | null;
  /** Who sent the packet back that ended there; empty: nobody. */
  readonly address: string;
  /** What was sent came further than here, or ended here and was sent back. */
  readonly isReached: boolean;
}

/** Of the first way: a flow takes one, and which it was nobody tells. */
export function provenHops({ Forward, Routers, Arrived, Answered }: ProofOfHops): readonly ProvenHop[] {
  const hops = Forward.Ways[0]?.Hops ?? [];
  const isAtEnd = Answered > 0 || (Arrived ?? 0) > 0;
  const furthest = Routers.findLastIndex(({ Address }) => Address !== '');
  return Array.from({ length: Math.max(hops.length, furthest + 1) }, (_, at) => ({
    hop: hops[at] ?? null,
    address: Routers[at]?.Address ?? '',
    isReached: isAtEnd || at <= furthest,
  }));
}

type ProofOfHops = Pick<Proof, 'Forward' | 'Routers' | 'Arrived' | 'Answered'>;
