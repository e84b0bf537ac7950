import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { auditBounds } from '../domain/operator/audit-event.ts';
import type { RateLimits } from '../domain/operator/rate-limits.ts';
import type { RegionNames } from '../domain/operator/region-names.ts';
import { Refusal, type RefusalDetails } from '../domain/refusal.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Services } from '../services/create-services.ts';
import type { RefusedCall, RefusedCalls } from '../services/operator/refused-calls.ts';
import { BusyError } from '../domain/busy-error.ts';
import { DiskError } from '../store/store-error.ts';
import { ApiError, wireError, type Language } from '../api/protocol/api-error.ts';
import { createCallHandler, type CallFacts, type CredentialSource } from '../api/protocol/call-handler.ts';
import { CallLog } from '../api/protocol/call-log.ts';
import { boundConnections } from './connection-bound.ts';
import { errorRegistry, type ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import { incomingOf } from '../api/protocol/incoming-request.ts';
import { RateLimiter } from '../api/protocol/rate-limit.ts';
import { mostFormBytes, mostHeaderBytes, requestTimes, unprovenBodies } from '../api/protocol/request-bounds.ts';
import { allHandlers } from '../api/all-handlers.ts';
import { wireServices } from '../api/wire/services-on-the-wire.ts';
import { languageOf } from '../api/protocol/signed-call.ts';
import type { SystemFacts } from '../domain/operator/system-facts.ts';
import { UnprovenBytes } from '../api/protocol/unproven-bytes.ts';

export interface ApiOptions {
  readonly services: Services;
  readonly credentials: CredentialSource;
  /** Hears of refused calls, for the audit log. */
  readonly refusedCalls: Pick<RefusedCalls, 'note'>;
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
 * `Content-Type: application/json`, whatever happens (docs/spec/protocol.md section 5). Listening and closing are the
 * caller's.
 */
export function buildApi(options: ApiOptions): FastifyInstance {
  const { services, credentials, refusedCalls, clock, ids, logger, rateLimits, regions, mostJsonBytes, system } =
    options;
  const handleCall = createCallHandler({
    wireServices: wireServices(allHandlers(services, system)),
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
    const finish = (code: string, reason: string) => {
      incoming.body.release();
      if (!incoming.body.isWorthDraining) void reply.header('Connection', 'close');
      log.answered({ requestId, facts, code, reason, durationMs: clock.elapsed() - startedAt });
      const { remoteAddress } = incoming;
      if (isToBeAudited(facts, code))
        refusedCalls.note(refusedCall({ facts, code, requestId, remoteAddress, at: clock.now() }));
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

  const app = fastify({
    requestTimeout: requestTimes.wholeMs,
    keepAliveTimeout: requestTimes.idleMs,
    exposeHeadRoutes: false,
    http: {
      maxHeaderSize: mostHeaderBytes,
      headersTimeout: requestTimes.headersMs,
      connectionsCheckingInterval: requestTimes.lookEveryMs,
    },
    frameworkErrors: (error, request, reply) => void refuseFrame(error, request, reply),
  });
  boundConnections(app.server);
  app.removeAllContentTypeParsers();
  // Nobody reads a body before it is known what for: see IncomingBody.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler((error, request, reply) => refuseFrame(error, request, reply));
  app.setNotFoundHandler((request, reply) => refuseFrame(undefined, request, reply));
  app.get('/', answer);
  app.post('/', answer);
  app.post('/*', answer);
  return app;
}

/** Refused calls that would have changed something, that the caller may not make, or that were signed with a wrong key. */
function isToBeAudited({ effect, accountId, secretId }: CallFacts, code: string): boolean {
  if (code === '' || code === dryRunCode) return false;
  const isUnproven = accountId === undefined && secretId !== undefined;
  return code === deniedCode || isUnproven || (effect === 'changes' && accountId !== undefined);
}

const dryRunCode = errorRegistry['dry-run'].code;
const deniedCode = errorRegistry['access-denied'].code;

interface Refused {
  readonly facts: CallFacts;
  readonly code: string;
  readonly requestId: string;
  readonly remoteAddress: string;
  readonly at: number;
}

function refusedCall({ facts, ...refused }: Refused): RefusedCall {
  const { service = '', action = '', accountId = '', secretId = '', region = '', resources = [] } = facts;
  const named = resources.slice(0, auditBounds.resources);
  return { ...refused, service, action, accountId, secretId, region, resources: named };
}

interface Explanation {
  readonly reason: ErrorReason;
  readonly details: RefusalDetails;
}

/** Mistakes of the caller by their reason; anything else is ours: logged whole, answered without details. */
function explain(error: unknown, report: (failure: unknown) => void): Explanation {
  if (error instanceof ApiError || error instanceof Refusal) return error;
  if (error instanceof BusyError) return { reason: 'service-busy', details: {} };
  report(error);
  if (error instanceof DiskError) return { reason: 'disk-failure', details: {} };
  return { reason: 'internal-error', details: {} };
}

/** Errors that fastify finds before a call begins. */
function explainFrame(error: unknown, report: (failure: unknown) => void): Explanation {
  if (error === undefined) {
    return { reason: 'request-malformed', details: { problem: 'send GET or POST to the path /' } };
  }
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode < 500) return { reason: 'request-malformed', details: { problem: message } };
  report(error);
  return { reason: 'internal-error', details: {} };
}

function frameLanguage(request: FastifyRequest): Language {
  return request.headers['x-tc-language'] === 'zh-CN' ? 'zh-CN' : 'en-US';
}

/** Bytes, because fastify adds a charset to JSON text, which some Python clients then do not take for JSON. */
function sendEnvelope(reply: FastifyReply, request: FastifyRequest, response: Readonly<Record<string, unknown>>) {
  const traceId = request.headers['x-tc-traceid'];
  if (typeof traceId === 'string' && /^[\x21-\x7e]{1,128}$/.test(traceId)) void reply.header('X-TC-TraceId', traceId);
  return reply
    .status(200)
    .header('Content-Type', 'application/json')
    .send(Buffer.from(JSON.stringify({ Response: response })));
}
