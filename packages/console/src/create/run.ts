import { signal } from '@preact/signals';
import type { CallOptions } from '../calls/call.ts';
import { newToken } from '../calls/client-token.ts';
import { freshKey } from './fresh-key.ts';
import { fill, isLook, outcomeOf, type Step, type StepAction, type StepParameters } from './step.ts';

/** What a run does to the world. */
export interface RunsOn {
  readonly call: (action: StepAction, parameters: StepParameters, options: CallOptions) => Promise<unknown>;
  /** Until it is worth to look again. */
  readonly pause: () => Promise<void>;
}

export interface Failure {
  readonly key: string;
  readonly problem: unknown;
}

/**
 * Takes steps one after the other, and remembers what they made: begun again, it goes on where it failed. A call that nobody answered is
 * repeated with the same token, so that nothing is made twice.
 */
export class Run {
  /** What each step made, by its key: an id, or the empty text. */
  readonly made = signal<ReadonlyMap<string, string>>(new Map());
  /** The step that is being taken; null: none. */
  readonly going = signal<string | null>(null);
  readonly failure = signal<Failure | null>(null);
  /** Pre-shared keys that were made here, by their names in steps. */
  readonly #secrets = new Map<string, string>();
  /** Those that the peers have already. */
  #given: ReadonlyMap<string, string> = new Map();
  readonly #token = newToken();
  readonly #on: RunsOn;
  #isEnded = false;

  constructor(on: RunsOn) {
    this.#on = on;
  }

  /** Forgets the secrets; the step that is being taken is the last one. */
  end(): void {
    this.#isEnded = true;
    this.#secrets.clear();
    this.#given = new Map();
  }

  /** One is made when it is asked for first. */
  secretOf(name: string): string {
    const known = this.#given.get(name) ?? this.#secrets.get(name);
    if (known !== undefined) return known;
    const secret = freshKey();
    if (!this.#isEnded) this.#secrets.set(name, secret);
    return secret;
  }

  /** @param given pre-shared keys that are not to be made. */
  async go(steps: readonly Step[], region: string, given: ReadonlyMap<string, string>): Promise<void> {
    if (this.going.value !== null) return;
    this.failure.value = null;
    this.#given = given;
    for (const step of steps) {
      if (this.#isEnded) break;
      if (this.made.value.has(step.key)) continue;
      this.going.value = step.key;
      try {
        const id = await this.#take(step, region);
        this.made.value = new Map([...this.made.value, [step.key, id]]);
      } catch (problem) {
        this.failure.value = { key: step.key, problem };
        break;
      }
    }
    this.going.value = null;
  }

  async #take(step: Step, region: string): Promise<string> {
    const asked = fill(step, (key) => this.#valueOf(key));
    const parameters = isLook(step) ? asked : { ...asked, ClientToken: `${this.#token}.${step.key}` };
    for (let isBackground = false; ; isBackground = true) {
      const id = outcomeOf(step.action, await this.#on.call(step.action, parameters, { region, isBackground }));
      if (id !== null) return id;
      await this.#on.pause();
      if (this.#isEnded) throw new Error('the run has ended');
    }
  }

  #valueOf(key: string): string {
    if (isSecretKey(key)) return this.secretOf(key);
    const id = this.made.value.get(key);
    if (id === undefined) throw new Error(`${key} is not made yet`);
    return id;
  }
}

export function isSecretKey(key: string): boolean {
  return key.startsWith('secret.');
}
