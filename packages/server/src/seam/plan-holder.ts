import { applied, digestOf, type Difference } from '../plan/parts.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import { describeError } from '../platform/describe-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { FromController, OfKind } from './contract.ts';
import type { Issue } from './issue.ts';
import type { HeldPlan, PlanFiles } from './plan-files.ts';

export interface PlanHolderOptions {
  readonly files: Pick<PlanFiles, 'read' | 'write' | 'remove'>;
  /** Throws for what shall not be done here, whoever says so. */
  readonly check: (key: PlanKey, plan: unknown) => void;
  readonly onChanged: (keys: readonly PlanKey[]) => void;
  readonly logger: Logger;
}

/** The newest plans that were heard, kept for the time when nobody says any. */
export class PlanHolder {
  readonly #options: PlanHolderOptions;
  readonly #held: Map<PlanKey, HeldPlan>;
  /** What was said last about these cannot be done, and why. */
  readonly #refused = new Map<PlanKey, string>();
  /** Named since the connection began; null between connections. */
  #named: Set<PlanKey> | null = null;
  readonly #known = Promise.withResolvers<undefined>();
  /** Once all plans were heard: a key that is not among them has none. */
  #isComplete = false;

  constructor(options: PlanHolderOptions) {
    this.#options = options;
    this.#held = options.files.read();
    if (this.#held.size > 0) this.#known.resolve(undefined);
  }

  /** Once there are plans, from before or because all were heard. */
  get known(): Promise<unknown> {
    return this.#known.promise;
  }

  keys(): PlanKey[] {
    return [...this.#held.keys()];
  }

  /** Undefined: there is none any more. Throws where that is not known, and where the newest one is refused. */
  planFor(key: PlanKey): IssuedPlan | undefined {
    const refused = this.#refused.get(key);
    if (refused !== undefined) throw new Error(refused);
    const held = this.#held.get(key);
    if (held !== undefined) return { ...held.issue.plan, generation: held.generation };
    if (!this.#isComplete)
      throw new Error(`whether ${key} still exists is not known: the controller was not heard yet`);
    return undefined;
  }

  issue(key: PlanKey): Issue | undefined {
    return this.#held.get(key)?.issue;
  }

  issues(): readonly Issue[] {
    return [...this.#held.values()].map(({ issue }) => issue);
  }

  /** Key and digest of each. */
  holding(): [PlanKey, string][] {
    return [...this.#held].map(([key, { digest }]) => [key, digest]);
  }

  /** A new connection. */
  begin(): void {
    this.#named = new Set();
  }

  /** False where it does not fit what is held: then the whole plan is wanted. */
  take({ key, generation, from, to, difference }: OfKind<FromController, 'plan'>): boolean {
    const before = this.#held.get(key);
    if (from !== null && from !== before?.digest) return false;
    let issue: Issue;
    try {
      issue = applied(difference as Difference | null, before?.issue) as Issue;
    } catch {
      return false;
    }
    if (digestOf(issue) !== to) return false;
    this.#named?.add(key);
    try {
      this.#options.check(key, issue.plan);
    } catch (error) {
      this.#refuse(key, `the plan is refused: ${describeError(error)}`);
      return true;
    }
    this.#refused.delete(key);
    const held = { issue, digest: to, generation };
    this.#held.set(key, held);
    this.#keep(key, () => this.#options.files.write(key, held, difference as Difference | null));
    this.#options.onChanged([key]);
    return true;
  }

  gone(key: PlanKey): void {
    this.#refused.delete(key);
    this.#named?.delete(key);
    if (this.#held.delete(key)) this.#keep(key, () => this.#options.files.remove(key));
    if (this.#isComplete) this.#options.onChanged([key]);
  }

  /** It has a plan, which is not known. */
  unmade(key: PlanKey, why: string): void {
    this.#named?.add(key);
    this.#refuse(key, `the plan cannot be made: ${why}`);
  }

  complete(): void {
    const named = this.#named ?? new Set();
    this.#isComplete = true;
    for (const key of this.keys()) if (!named.has(key)) this.gone(key);
    this.#known.resolve(undefined);
  }

  /** What is in the network stays as it is, and so does the plan before. */
  #refuse(key: PlanKey, why: string): void {
    this.#refused.set(key, why);
    this.#options.logger.error({ key, why }, 'plan not taken');
    this.#options.onChanged([key]);
  }

  /**
   * A full disk holds up nothing. What cannot be kept is removed, for which there is room: after the next start nothing is better than
   * what is older than the network, and the controller says it again.
   */
  #keep(key: PlanKey, write: () => void): void {
    const { files, logger } = this.#options;
    try {
      write();
    } catch (error) {
      logger.warn({ key, error: describeError(error) }, 'plan not kept on disk');
      files.remove(key);
    }
  }
}
