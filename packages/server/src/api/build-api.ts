import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { RateLimits } from '../domain/rate-limits.ts';
import { Refusal, type RefusalDetails } from '../domain/refusal.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Services } from '../services/create-services.ts';
import { DiskError } from '../store/store-error.ts';
import { ApiError, wireError, type Language } from './api-error.ts';
import { createCallHandler, type AccessKeySource, type CallFacts } from './call-handler.ts';
import type { ErrorReason } from './error-registry.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { ReadPlans } from './plans.ts';
import { RateLimiter } from './rate-limit.ts';
import { wireServices } from './services-on-the-wire.ts';
import { languageOf } from './signed-call.ts';
import type { SystemFacts } from './system-status.ts';

export interface ApiOptions {
  readonly services: Services;
  readonly accessKeys: AccessKeySource;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly rateLimits: RateLimits;
  /** Plans as the planner makes them now; all without an argument. */
  readonly readPlans: ReadPlans;
  readonly system: SystemFacts;
}

/** A signed POST has at most 10 MiB on the real service (spec/protocol.md section 1). */
const bodyLimit = 10 * 1024 * 1024;
/** A GET has at most 32 KiB there; headers come on top. */
const maxHeaderSize = 64 * 1024;
/** A request that is not complete after this time is dropped, milliseconds: slow senders must not pile up. */
const requestTimeout = 60_000;

/**
 * The signed API on `/` and on every other path that nothing else claims by POST. Always answers HTTP status 200 with
 * `Content-Type: application/json`, whatever happens (spec/protocol.md section 5). Listening and closing are the caller's.
 */
export function buildApi(options: ApiOptions): FastifyInstance {
  const { services, accessKeys, clock, ids, logger, rateLimits, readPlans, system } = options;
  const handleCall = createCallHandler({
    wireServices: wireServices({ services, readPlans, system }),
    accessKeys,
    clock,
    rateLimiter: new RateLimiter(rateLimits, clock),
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const incoming = incomingOf(request);
    const requestId = ids.requestId();
    const facts: CallFacts = {};
    const startedAt = clock.elapsed();
    const finish = (code: string) =>
      logger.info({ requestId, ...facts, code, durationMs: clock.elapsed() - startedAt }, 'call answered');
    try {
      const result = await handleCall(incoming, requestId, facts);
      finish('');
      return await sendEnvelope(reply, request, { ...result, RequestId: requestId });
    } catch (error) {
      const { reason, details } = explain(error, logger, requestId);
      const wire = wireError(reason, details, languageOf(incoming));
      finish(wire.Code);
      return sendEnvelope(reply, request, { Error: wire, RequestId: requestId });
    }
  };
  const refuseFrame = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const requestId = ids.requestId();
    const { reason, details } = explainFrame(error, logger, requestId);
    const language = frameLanguage(request);
    return sendEnvelope(reply, request, { Error: wireError(reason, details, language), RequestId: requestId });
  };

  const app = fastify({
    bodyLimit,
    requestTimeout,
    exposeHeadRoutes: false,
    http: { maxHeaderSize },
    frameworkErrors: (error, request, reply) => void refuseFrame(error, request, reply),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => refuseFrame(error, request, reply));
  app.setNotFoundHandler((request, reply) => refuseFrame(undefined, request, reply));
  app.get('/', answer);
  app.post('/', answer);
  app.post('/*', answer);
  return app;
}

function incomingOf(request: FastifyRequest): IncomingRequest {
  const { url = '/', headers, method } = request.raw;
  const mark = url.indexOf('?');
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

interface Explanation {
  readonly reason: ErrorReason;
  readonly details: RefusalDetails;
}

/** Mistakes of the caller by their reason; anything else is ours: logged whole, answered without details. */
function explain(error: unknown, logger: Logger, requestId: string): Explanation {
  if (error instanceof ApiError || error instanceof Refusal) return error;
  logger.error({ requestId, err: error }, 'call failed');
  if (error instanceof DiskError) return { reason: 'disk-failure', details: {} };
  return { reason: 'internal-error', details: {} };
}

/** Errors that fastify finds before a call begins. */
function explainFrame(error: unknown, logger: Logger, requestId: string): Explanation {
  if (error === undefined) {
    return { reason: 'request-malformed', details: { problem: 'send GET or POST to the path /' } };
  }
  const { code = '', statusCode = 500, message } = error as { code?: string; statusCode?: number; message: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { reason: 'request-too-large', details: { limit: bodyLimit } };
  if (statusCode < 500) return { reason: 'request-malformed', details: { problem: message } };
  logger.error({ requestId, err: error }, 'request failed');
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
