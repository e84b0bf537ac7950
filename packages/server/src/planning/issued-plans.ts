import type { Told } from '../domain/diagnosis/told.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Change } from '../image/change.ts';
import type { Draft } from '../image/draft.ts';
import type { Image } from '../image/image.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import { PlanBook, type Foreseen } from './plan-book.ts';
import { PlanFeed } from './plan-feed.ts';
import type { UplinkForwarding } from '../plan/facts.ts';

export interface IssuedPlansOptions {
  readonly image: Image;
  readonly uplink: Uplink | null;
  readonly observed: ObservedState;
  /** Whose will it is that the host forwards: looked up each time that the host's plan is asked for. */
  readonly readForwarding: () => Promise<UplinkForwarding>;
  /** Hears of plans that came out different, of new ones and of those that are gone. */
  readonly onChanged: (keys: readonly PlanKey[]) => void;
}

/** Plans as they go to the acting side, and how far it has come with them. */
export class IssuedPlans {
  readonly #options: IssuedPlansOptions;
  readonly #book: PlanBook;
  readonly #feed: PlanFeed;
  #forwarding: UplinkForwarding = 'ours';

  constructor(options: IssuedPlansOptions) {
    const { image, uplink, observed, onChanged } = options;
    this.#options = options;
    const facts = { isUsable: observed.isUsable, forwarding: () => this.#forwarding };
    this.#book = new PlanBook({ image, uplink, facts });
    this.#feed = new PlanFeed(this.#book, onChanged);
    observed.onUsability((id) => this.#book.usabilityChanged(id));
    this.#feed.start();
  }

  /** To be called when the image holds what a commit wrote. */
  committed(changes: readonly Change[]): void {
    this.#book.committed(changes);
    this.#feed.committed();
  }

  keys(): PlanKey[] {
    return this.#book.keys();
  }

  /** As of the newest rows and facts. Throws what the planner throws. */
  async planFor(key: PlanKey): Promise<IssuedPlan | undefined> {
    if (key === 'host') await this.#lookAtForwarding();
    const plan = this.#book.planFor(key);
    return plan && { ...plan, generation: this.#options.image.generation };
  }

  /** The generation since which the plan is as it is; the newest where something may have changed and nobody has looked yet. */
  generationOf(key: PlanKey): number {
    return this.#book.isDoubtful(key) ? this.#options.image.generation : this.#book.seenGenerationOf(key);
  }

  /**
   * What a commit of this generation, or one before it, changed of the plan is in the network: a plan of then or later is
   * applied, or the one that is applied is as the newest.
   */
  isApplied(key: PlanKey, generation: number): boolean {
    const applied = this.#options.observed.outcome(key)?.appliedGeneration ?? -1;
    return applied >= generation || (!this.#book.isDoubtful(key) && applied >= this.#book.seenGenerationOf(key));
  }

  /** The newest plan is not in the network yet; of one that is gone: the acting side still has something of it. */
  isWaiting(key: PlanKey): boolean {
    if (this.#book.isGone(key)) return this.#options.observed.outcome(key) !== undefined;
    return !this.isApplied(key, this.generationOf(key));
  }

  /** What it would come to if the changes of the draft were committed. Keeps nothing. */
  preview(draft: Draft): Foreseen {
    return this.#book.preview(draft);
  }

  /** What is wrong with a tunnel by the rows alone; nothing of one that is gone. */
  toldByRows(id: VpnConnectionId): readonly Told[] {
    return this.#book.toldByRows(id);
  }

  async #lookAtForwarding(): Promise<void> {
    const forwarding = await this.#options.readForwarding();
    if (forwarding === this.#forwarding) return;
    this.#forwarding = forwarding;
    this.#book.forwardingChanged();
  }
}
