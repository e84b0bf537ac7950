import type { Condition } from '../domain/operator/condition.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import type { DrainMark } from '../platform/drain-mark.ts';
import type { Logger } from '../platform/logger.ts';

export interface HostDrainOptions {
  readonly mark: Pick<DrainMark, 'since'>;
  /** It is drained now, or not any more. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const lookMs = 500;

/** Whether this host is drained, as of the last look. Who drains it, or undoes it, needs nobody who runs: the mark is looked at. */
export class HostDrain {
  readonly #options: HostDrainOptions;
  #since: number | null;
  /** Why the mark cannot be looked at; empty: it can. What was seen last stands until then. */
  #problem = '';

  /** Throws where the mark cannot be looked at: before anything is begun. */
  constructor(options: HostDrainOptions) {
    this.#options = options;
    this.#since = options.mark.since();
  }

  readonly isOn = (): boolean => this.#since !== null;

  readCondition(): Condition {
    if (this.#problem !== '') {
      return { name: 'drained', ok: false, message: `whether this host is drained cannot be said: ${this.#problem}` };
    }
    const since = this.#since === null ? '' : new Date(this.#since).toISOString();
    const message = `since ${since} no tunnel of this host comes up, until \`landbridge drain --undo\` is said here`;
    return { name: 'drained', ok: !this.isOn(), message: this.isOn() ? message : '' };
  }

  /** Until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.delay(lookMs, signal).catch(() => undefined);
      try {
        this.#look();
        this.#problem = '';
      } catch (error) {
        this.#problem = describeError(error);
      }
    }
  }

  #look(): void {
    const { mark, onChange, logger } = this.#options;
    const before = this.#since;
    this.#since = mark.since();
    if ((before === null) === (this.#since === null)) return;
    logger.warn({ drained: this.isOn() }, this.isOn() ? 'this host is drained' : 'this host is drained no longer');
    onChange();
  }
}
