import type { ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { CallFacts } from './call-runner.ts';
import { LineBudget } from '../../platform/line-budget.ts';

export interface AnsweredCall {
  readonly requestId: string;
  readonly facts: CallFacts;
  /** Of the error that was answered; empty for none. */
  readonly code: string;
  /** Of the same error, as the catalogue calls it: says more than a code that several share. */
  readonly reason: ErrorReason | '';
  readonly durationMs: number;
}

/**
 * One line for each call that ran, as many as the rate limits let through. Calls of nobody knows whom, and those beyond the
 * rate limits, have a budget of lines; so have failures in them.
 */
export class CallLog {
  readonly #logger: Logger;
  readonly #refused: LineBudget;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#refused = new LineBudget(clock);
  }

  answered({ requestId, facts, code, reason, durationMs }: AnsweredCall): void {
    const { admitted, service, action, accountId, secretId, region } = facts;
    const why = reason === '' ? {} : { reason };
    const line = { requestId, service, action, accountId, secretId, region, code, ...why, durationMs };
    if (admitted === true) {
      this.#logger.info(line, 'call answered');
      return;
    }
    const unlogged = this.#refused.take();
    if (unlogged !== undefined) this.#logger.info({ ...line, unlogged }, 'call refused');
  }

  /** Something of ours broke; the caller is told nothing but the RequestId. */
  failed(error: unknown, requestId: string, facts: CallFacts): void {
    if (facts.admitted === true || this.#refused.take() !== undefined) {
      this.#logger.error({ requestId, err: error }, 'call failed');
    }
  }
}
