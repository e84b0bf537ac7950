import { proofBounds, type ProofRefusal } from '../domain/operator/path-proof.ts';
import type { VpcId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import { LastMinute } from '../platform/last-minute.ts';

interface Running {
  readonly accountId: string;
  readonly vpcs: ReadonlySet<VpcId>;
}

/** How many hosts of ours may stand in subnets: one at a time for each VPC, few on the host, and so often in a minute for an account. The last place is for an account that has none. */
export class ProofLimits {
  readonly #running = new Set<Running>();
  readonly #begunFor: LastMinute;

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#begunFor = new LastMinute(clock);
  }

  /** Why it must not begin, or what ends it. */
  begin(accountId: string, vpcs: ReadonlySet<VpcId>): (() => void) | ProofRefusal {
    const refusal = this.#refusalOf(vpcs, accountId);
    if (refusal !== null) return refusal;
    this.#begunFor.note(accountId);
    const begun = { accountId, vpcs };
    this.#running.add(begun);
    return () => void this.#running.delete(begun);
  }

  #refusalOf(vpcs: ReadonlySet<VpcId>, accountId: string): ProofRefusal | null {
    if (this.#begunFor.count(accountId) >= proofBounds.perAccountAndMinute) return 'account-proves-often';
    const running = [...this.#running];
    if (running.some((busy) => [...vpcs].some((vpc) => busy.vpcs.has(vpc)))) return 'vpc-busy';
    const left = proofBounds.perHost - running.length;
    const hasOne = running.some((busy) => busy.accountId === accountId);
    return left < (hasOne ? 2 : 1) ? 'host-busy' : null;
  }
}
