import { parseIpAddress } from '@landbridge/net';
import type { PathProof, PathProving, ProofOrder, ProofRefusal } from '../src/domain/operator/path-proof.ts';

export const answeredProof: PathProof = {
  ...{ source: parseIpAddress('10.0.1.77'), destination: parseIpAddress('192.168.1.10') },
  ...{ sent: 10, arrived: null, answered: 10, refusals: [] },
  delay: { leastMs: 0.4, meanMs: 0.612, mostMs: 1.9 },
  routers: [parseIpAddress('10.0.1.1'), null],
  provenAt: 1_700_000_000_000,
};

/** For tests only: an acting side that always has the same answer. */
export class FakePathProving implements PathProving {
  readonly orders: ProofOrder[] = [];
  answer: PathProof | ProofRefusal | Error = answeredProof;

  prove(order: ProofOrder): Promise<PathProof | ProofRefusal> {
    this.orders.push(order);
    const { answer } = this;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}
