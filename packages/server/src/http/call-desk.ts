import type { ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import type { RateLimits } from '../domain/operator/rate-limits.ts';
import type { RegionNames } from '../domain/operator/region-names.ts';
import type { SystemFacts } from '../domain/operator/system-facts.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Services } from '../services/create-services.ts';
import type { RefusedCalls } from '../services/operator/refused-calls.ts';
import { allHandlers } from '../api/all-handlers.ts';
import { wireError, type Language } from '../api/protocol/api-error.ts';
import { CallLog } from '../api/protocol/call-log.ts';
import { createCallRunner, type CallFacts, type CallRunner } from '../api/protocol/call-runner.ts';
import { RateLimiter } from '../api/protocol/rate-limit.ts';
import { wireServices } from '../api/wire/services-on-the-wire.ts';
import { auditedRefusal } from './audited-refusal.ts';
import { explain } from './explain-error.ts';
import type { CallMetrics } from './metrics/call-metrics.ts';

export interface CallDeskOptions {
  readonly services: Services;
  /** Hears of refused calls, for the audit log. */
  readonly refusedCalls: Pick<RefusedCalls, 'note'>;
  readonly metrics: Pick<CallMetrics, 'answered'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly rateLimits: RateLimits;
  readonly regions: RegionNames;
  readonly system: SystemFacts;
}

/** A call, whichever door it came by. */
export interface DeskCall {
  readonly remoteAddress: string;
  /** Of messages; asked once the call has run. */
  readonly language: () => Language;
  /** Tells about itself in `facts` as far as it comes. */
  readonly run: (requestId: string, facts: CallFacts) => Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Where calls are answered: each gets its RequestId, its line in the log, its place in the numbers and, refused, in the audit log. One for
 * all doors, so that all share what limits calls.
 */
export interface CallDesk {
  readonly runner: CallRunner;
  readonly log: CallLog;
  /** The content of `Response`; never rejects. */
  answer(call: DeskCall): Promise<Readonly<Record<string, unknown>>>;
}

export function createCallDesk(options: CallDeskOptions): CallDesk {
  const { services, refusedCalls, metrics, clock, ids, logger, rateLimits, regions, system } = options;
  const log = new CallLog(logger, clock);
  const runner = createCallRunner({
    wireServices: wireServices(allHandlers(services, system, clock)),
    permits: (principal, call) => services.access.permits(principal, call),
    rateLimiter: new RateLimiter(rateLimits, clock),
    regions,
  });
  const answer = async ({ remoteAddress, language, run }: DeskCall) => {
    const requestId = ids.requestId();
    const facts: CallFacts = {};
    const startedAt = clock.elapsed();
    const finish = (code: string, reason: ErrorReason | '') => {
      const answered = { requestId, facts, code, reason, durationMs: clock.elapsed() - startedAt };
      log.answered(answered);
      metrics.answered(answered);
      const refusal = auditedRefusal({ facts, code, requestId, remoteAddress, at: clock.now() });
      if (refusal !== null) refusedCalls.note(refusal);
    };
    try {
      const result = await run(requestId, facts);
      finish('', '');
      return { ...result, RequestId: requestId };
    } catch (error) {
      const { reason, details } = explain(error, (failure) => log.failed(failure, requestId, facts));
      const wire = wireError(reason, details, language());
      finish(wire.Code, reason);
      return { Error: wire, RequestId: requestId };
    }
  };
  return { runner, log, answer };
}
