import type { ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits } from '../domain/operator/rate-limits.ts';
import type { RegionNames } from '../domain/operator/region-names.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Services } from '../services/create-services.ts';
import type { RefusedCalls } from '../services/operator/refused-calls.ts';
import { wireError } from '../api/protocol/api-error.ts';
import { createCallHandler, type CallFacts, type CredentialSource } from '../api/protocol/call-handler.ts';
import { CallLog } from '../api/protocol/call-log.ts';
import { incomingOf } from '../api/protocol/incoming-request.ts';
import { RateLimiter } from '../api/protocol/rate-limit.ts';
import { mostFormBytes, unprovenBodies } from '../api/protocol/request-bounds.ts';
import { allHandlers } from '../api/all-handlers.ts';
import { wireServices } from '../api/wire/services-on-the-wire.ts';
import { languageOf } from '../api/protocol/signed-call.ts';
import type { SystemFacts } from '../domain/operator/system-facts.ts';
import { UnprovenBytes } from '../api/protocol/unproven-bytes.ts';
import { auditedRefusal } from './audited-refusal.ts';
import type { ApiPlugin } from './build-app.ts';
import type { CallMetrics } from './metrics/call-metrics.ts';
import { frameLanguage, sendEnvelope } from './envelope.ts';
import { explain, explainFrame } from './explain-error.ts';
import { leaveBodiesUnread } from './unread-bodies.ts';

export interface ApiOptions {
  readonly services: Services;
  readonly credentials: CredentialSource;
  /** Hears of refused calls, for the audit log. */
  readonly refusedCalls: Pick<RefusedCalls, 'note'>;
  readonly metrics: Pick<CallMetrics, 'answered'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly rateLimits: RateLimits;
  readonly regions: RegionNames;
  /** Bytes of one JSON body. */
  readonly mostJsonBytes: number;
  readonly system: SystemFacts;
}

/**
 * The signed API on `/` and on every other path that nothing else claims by POST. Always answers HTTP status 200 with
 * `Content-Type: application/json`, whatever happens (docs/spec/protocol.md section 5).
 */
export function apiPlugin(options: ApiOptions): ApiPlugin {
  const {
    services,
    credentials,
    refusedCalls,
    metrics,
    clock,
    ids,
    logger,
    rateLimits,
    regions,
    mostJsonBytes,
    system,
  } = options;
  const handleCall = createCallHandler({
    wireServices: wireServices(allHandlers(services, system, clock)),
    credentials,
    permits: (principal, call) => services.access.permits(principal, call),
    clock,
    rateLimiter: new RateLimiter(rateLimits, clock),
    regions,
    bounds: {
      mostJsonBytes,
      unprovenForms: new UnprovenBytes(unprovenBodies * mostFormBytes),
      unprovenJson: new UnprovenBytes(unprovenBodies * mostJsonBytes),
    },
  });
  const log = new CallLog(logger, clock);
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const incoming = incomingOf(request);
    const requestId = ids.requestId();
    const facts: CallFacts = {};
    const startedAt = clock.elapsed();
    const finish = (code: string, reason: ErrorReason | '') => {
      incoming.body.release();
      if (!incoming.body.isWorthDraining) void reply.header('Connection', 'close');
      const answered = { requestId, facts, code, reason, durationMs: clock.elapsed() - startedAt };
      log.answered(answered);
      metrics.answered(answered);
      const { remoteAddress } = incoming;
      const refusal = auditedRefusal({ facts, code, requestId, remoteAddress, at: clock.now() });
      if (refusal !== null) refusedCalls.note(refusal);
    };
    try {
      const result = await handleCall(incoming, requestId, facts);
      finish('', '');
      return await sendEnvelope(reply, request, { ...result, RequestId: requestId });
    } catch (error) {
      const { reason, details } = explain(error, (failure) => log.failed(failure, requestId, facts));
      const wire = wireError(reason, details, languageOf(incoming));
      finish(wire.Code, reason);
      return sendEnvelope(reply, request, { Error: wire, RequestId: requestId });
    }
  };
  const refuseFrame = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const requestId = ids.requestId();
    const { reason, details } = explainFrame(error, (failure) => log.failed(failure, requestId, {}));
    const language = frameLanguage(request);
    return sendEnvelope(reply, request, { Error: wireError(reason, details, language), RequestId: requestId });
  };
  return {
    refuseFrame,
    routes: (app, _options, done) => {
      leaveBodiesUnread(app);
      app.setErrorHandler((error, request, reply) => refuseFrame(error, request, reply));
      app.setNotFoundHandler((request, reply) => refuseFrame(undefined, request, reply));
      app.get('/', answer);
      app.post('/', answer);
      app.post('/*', answer);
      done();
    },
  };
}
