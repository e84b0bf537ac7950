import type { Clock } from '../platform/clock.ts';
import { Later } from '../platform/later.ts';
import type { Fact, FromAgent } from './contract.ts';
import { aged } from './instant.ts';
import { nameOf } from './reported-state.ts';

interface Way {
  send(message: FromAgent): void;
  drained(): Promise<void>;
}

/** Of the longest findings that there may be, so many are no message that is too large. */
const mostInAMessage = 200;
/** What nobody waits for goes together. */
const idleMs = 1000;

/** Facts on their way up, over one connection: all that there are, then what is new. Of each only the newest waits. */
export class FactSender {
  readonly #link: Way;
  readonly #clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly #waiting = new Map<string, Fact>();
  #isSending = false;
  #isComplete = false;
  readonly #sending = new Later(() => void this.#send());

  constructor(link: Way, facts: readonly Fact[], clock: Pick<Clock, 'now' | 'elapsed'>) {
    this.#link = link;
    this.#clock = clock;
    for (const fact of facts) this.#waiting.set(nameOf(fact), fact);
    void this.#send();
  }

  note(fact: Fact, isUrgent: boolean): void {
    this.#waiting.set(nameOf(fact), fact);
    if (isUrgent) void this.#send();
    else this.#sending.in(idleMs);
  }

  end(): void {
    this.#sending.cancel();
    this.#waiting.clear();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      do {
        await this.#link.drained();
        this.#sendSome();
      } while (this.#waiting.size > 0);
    } catch {
      // The connection is gone; the next one begins with all facts.
    } finally {
      this.#isSending = false;
    }
  }

  #sendSome(): void {
    this.#sending.cancel();
    const facts = [...this.#waiting.values()].slice(0, mostInAMessage);
    for (const fact of facts) this.#waiting.delete(nameOf(fact));
    const isLast = this.#waiting.size === 0;
    if (facts.length === 0 && this.#isComplete) return;
    const told = facts.map((fact) => aged(fact, this.#clock));
    this.#link.send({ kind: 'facts', facts: told, isComplete: isLast && !this.#isComplete });
    if (isLast) this.#isComplete = true;
  }
}
