import type { VpnConnectionId } from '../domain/resource-id.ts';
import { difference, digestOf } from '../plan/parts.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import { describeError } from '../platform/describe-error.ts';
import type { FromController } from './contract.ts';
import type { Issue } from './issue.ts';

/** The plans that there are. */
export interface PlansToSend {
  planFor(key: PlanKey): Promise<IssuedPlan | undefined>;
  keys(): PlanKey[];
  /** The generation since which the plan is as it is. */
  generationOf(key: PlanKey): number;
}

export interface PlanSenderOptions {
  readonly plans: PlansToSend;
  /** Undefined: there is no such VPN connection (any more). */
  readonly digestOfKey: (id: VpnConnectionId) => string | undefined;
  readonly link: {
    send(message: FromController): void;
    drained(): Promise<void>;
  };
  /** What the other side has, by key: digests. */
  readonly holding: ReadonlyMap<PlanKey, string>;
}

interface Sent {
  /** Undefined: all that is known of it is its digest. */
  readonly issue: Issue | undefined;
  readonly digest: string;
  readonly generation: number;
}

/**
 * Plans on their way down, over one connection: first whatever the other side does not have, then what changes. A slow reader gets the
 * newest of each key only, and nothing waits here but keys.
 */
export class PlanSender {
  readonly #options: PlanSenderOptions;
  readonly #sent = new Map<PlanKey, Sent>();
  /** Said to be so last. */
  readonly #unmade = new Set<PlanKey>();
  readonly #waiting: Set<PlanKey>;
  #isSending = false;
  #isComplete = false;

  constructor(options: PlanSenderOptions) {
    this.#options = options;
    for (const [key, digest] of options.holding) this.#sent.set(key, { issue: undefined, digest, generation: -1 });
    this.#waiting = new Set([...options.plans.keys(), ...options.holding.keys()]);
    void this.#send();
  }

  changed(keys: Iterable<PlanKey>): void {
    for (const key of keys) this.#waiting.add(key);
    void this.#send();
  }

  /** The other side does not have what it was said to have. */
  misfit(key: PlanKey): void {
    this.#sent.delete(key);
    this.changed([key]);
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (const key of this.#waiting) {
        await this.#options.link.drained();
        this.#waiting.delete(key);
        await this.#sendOne(key);
      }
      if (!this.#isComplete) this.#options.link.send({ kind: 'complete' });
      this.#isComplete = true;
    } catch {
      // The connection is gone, and with it whom all this is for.
    } finally {
      this.#isSending = false;
    }
  }

  async #sendOne(key: PlanKey): Promise<void> {
    try {
      const plan = await this.#options.plans.planFor(key);
      if (plan === undefined) this.#sendGone(key);
      else this.#sendPlan(key, plan);
    } catch (error) {
      this.#unmade.add(key);
      this.#options.link.send({ kind: 'unmade', key, why: describeError(error).slice(0, 4000) });
    }
  }

  #sendGone(key: PlanKey): void {
    if (this.#sent.delete(key)) this.#options.link.send({ kind: 'gone', key });
  }

  #sendPlan(key: PlanKey, { generation, ...plan }: IssuedPlan): void {
    const { plans, digestOfKey, link } = this.#options;
    const issue: Issue = { plan, keys: keysOf(plan, digestOfKey) };
    const before = this.#sent.get(key);
    const to = digestOf(issue);
    const isSame = before?.digest === to;
    const isMadeAgain = this.#unmade.delete(key);
    if (isSame && !isMadeAgain && plans.generationOf(key) <= before.generation) return;
    const from = isSame || before?.issue !== undefined ? before.digest : null;
    const change = isSame ? null : from === null ? { is: issue } : difference(before?.issue, issue);
    link.send({ kind: 'plan', key, generation, from, to, difference: change });
    this.#sent.set(key, { issue, digest: to, generation });
  }
}

function keysOf({ charon }: Issue['plan'], digestOfKey: PlanSenderOptions['digestOfKey']): Issue['keys'] {
  const keys = (charon?.connections ?? []).flatMap(({ id }) => {
    const digest = digestOfKey(id);
    return digest === undefined ? [] : [[id, digest] as const];
  });
  return Object.fromEntries(keys);
}
