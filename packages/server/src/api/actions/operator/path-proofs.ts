import { pathProofActions, type WireProofVerdict } from '@landbridge/catalogue/operator/path-proofs';
import type { PathProof, ProofTarget } from '../../../domain/operator/path-proof.ts';
import type { SubnetId } from '../../../domain/resource-id.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { readAddress, wireTime } from '../../wire/wire-values.ts';
import { wireDirection } from './path-traces.ts';

/** Paths that packets prove (service landbridge). */
export function pathProofHandlers({ pathProofs }: Services): Handlers<typeof pathProofActions> {
  return {
    ProvePath: async (caller, { SourceSubnetId, DestinationSubnetId, DestinationAddress }) => {
      const to = targetOf(DestinationSubnetId, DestinationAddress);
      const { proof, trace, routers } = await pathProofs.prove(caller, { from: SourceSubnetId, to });
      const { source, destination, sent, arrived, answered, delay, refusals, provenAt } = proof;
      return {
        Verdict: verdictOf(proof),
        ...{ SourceAddress: source, DestinationAddress: destination },
        ...{ Sent: sent, Arrived: arrived, Answered: answered },
        Delay: delay && { LeastMs: delay.leastMs, MeanMs: delay.meanMs, MostMs: delay.mostMs },
        Refusals: refusals.map(({ from, message, packets }) => ({ From: from, Message: message, Packets: packets })),
        Routers: routers.map(({ address, hop }) => ({
          ...{ Address: address ?? '', ResourceId: hop?.at ?? '', Name: hop?.name ?? '' },
        })),
        Forward: wireDirection(trace.forward),
        Return: trace.back && wireDirection(trace.back),
        ProvenTime: wireTime(provenAt),
      };
    },
  };
}

function targetOf(id: SubnetId | undefined, address: string | undefined): ProofTarget {
  const names = ['DestinationSubnetId', 'DestinationAddress'] as const;
  if (id !== undefined && address !== undefined) {
    return reject('parameters-exclude-each-other', { name: names[0], other: names[1] });
  }
  if (id !== undefined) return { kind: 'subnet', id };
  if (address === undefined) return reject('missing-parameter', { name: names[0] });
  return { kind: 'address', address: readAddress(address, names[1]) };
}

function verdictOf({ sent, arrived, answered, refusals }: PathProof): WireProofVerdict {
  if (answered > 0) return answered < sent ? 'some-answered' : 'answered';
  if (arrived !== null && arrived > 0) return 'arrived';
  return refusals.length > 0 ? 'refused' : 'silent';
}
