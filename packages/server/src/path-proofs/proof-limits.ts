import { proofBounds, type ProofRefusal } from '../domain/operator/path-proof.ts';
import type { VpcId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';

const minuteMs = 60_000;

/** How many hosts of ours may stand in subnets: one at a time for each VPC, few on the host, and so often in a minute for an account. */
export class ProofLimits {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #running = new Set<ReadonlySet<VpcId>>();
  /** When an account's were begun in the last minute. */
  readonly #begunFor = new Map<string, readonly number[]>();

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  /** Why it must not begin, or what ends it. */
  begin(accountId: string, vpcs: ReadonlySet<VpcId>): (() => void) | ProofRefusal {
    const refusal = this.#refusalOf(vpcs, accountId);
    if (refusal !== null) return refusal;
    for (const account of this.#begunFor.keys()) if (this.#lately(account).length === 0) this.#begunFor.delete(account);
    this.#begunFor.set(accountId, [...this.#lately(accountId), this.#clock.elapsed()]);
    this.#running.add(vpcs);
    return () => void this.#running.delete(vpcs);
  }

  #refusalOf(vpcs: ReadonlySet<VpcId>, accountId: string): ProofRefusal | null {
    if (this.#lately(accountId).length >= proofBounds.perAccountAndMinute) return 'account-proves-often';
    if ([...this.#running].some((busy) => [...vpcs].some((vpc) => busy.has(vpc)))) return 'vpc-busy';
    return this.#running.size >= proofBounds.perHost ? 'host-busy' : null;
  }

  #lately(accountId: string): readonly number[] {
    const now = this.#clock.elapsed();
    return (this.#begunFor.get(accountId) ?? []).filter((at) => now - at < minuteMs);
  }
}
