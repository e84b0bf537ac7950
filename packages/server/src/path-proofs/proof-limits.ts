import { proofBounds, type ProofRefusal } from '../domain/operator/path-proof.ts';
import type { VpcId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import { LastMinute } from '../platform/last-minute.ts';

/** How many hosts of ours may stand in subnets: one at a time for each VPC, few on the host, and so often in a minute for an account. */
export class ProofLimits {
  readonly #running = new Set<ReadonlySet<VpcId>>();
  readonly #begunFor: LastMinute;

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#begunFor = new LastMinute(clock);
  }

  /** Why it must not begin, or what ends it. */
  begin(accountId: string, vpcs: ReadonlySet<VpcId>): (() => void) | ProofRefusal {
    const refusal = this.#refusalOf(vpcs, accountId);
    if (refusal !== null) return refusal;
    this.#begunFor.note(accountId);
    this.#running.add(vpcs);
    return () => void this.#running.delete(vpcs);
  }

  #refusalOf(vpcs: ReadonlySet<VpcId>, accountId: string): ProofRefusal | null {
    if (this.#begunFor.count(accountId) >= proofBounds.perAccountAndMinute) return 'account-proves-often';
    if ([...this.#running].some((busy) => [...vpcs].some((vpc) => busy.has(vpc)))) return 'vpc-busy';
    return this.#running.size >= proofBounds.perHost ? 'host-busy' : null;
  }
}
