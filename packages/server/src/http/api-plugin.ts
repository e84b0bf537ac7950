import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import { wireError } from '../api/protocol/api-error.ts';
import { createCallHandler, type CredentialSource } from '../api/protocol/call-handler.ts';
import { incomingOf } from '../api/protocol/incoming-request.ts';
import { mostFormBytes, unprovenBodies } from '../api/protocol/request-bounds.ts';
import { languageOf } from '../api/protocol/signed-call.ts';
import { UnprovenBytes } from '../api/protocol/unproven-bytes.ts';
import type { ApiPlugin } from './build-app.ts';
import type { CallDesk } from './call-desk.ts';
import { frameLanguage, sendEnvelope } from './envelope.ts';
import { explainFrame } from './explain-error.ts';
import { leaveBodiesUnread } from './unread-bodies.ts';

export interface ApiOptions {
  readonly desk: CallDesk;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Bytes of one JSON body. */
  readonly mostJsonBytes: number;
}

/**
 * The signed API on `/` and on every other path that nothing else claims by POST. Always answers HTTP status 200 with
 * `Content-Type: application/json`, whatever happens (docs/spec/protocol.md section 5).
 */
export function apiPlugin({ desk, credentials, clock, ids, mostJsonBytes }: ApiOptions): ApiPlugin {
  const handleCall = createCallHandler({
    runner: desk.runner,
    credentials,
    clock,
    bounds: {
      mostJsonBytes,
      unprovenForms: new UnprovenBytes(unprovenBodies * mostFormBytes),
      unprovenJson: new UnprovenBytes(unprovenBodies * mostJsonBytes),
    },
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const incoming = incomingOf(request);
    const response = await desk.answer({
      remoteAddress: incoming.remoteAddress,
      language: () => languageOf(incoming),
      run: (requestId, facts) => handleCall(incoming, requestId, facts).finally(() => incoming.body.release()),
    });
    if (!incoming.body.isWorthDraining) void reply.header('Connection', 'close');
    return sendEnvelope(reply, request, response);
  };
  const refuseFrame = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const requestId = ids.requestId();
    const { reason, details } = explainFrame(error, (failure) => desk.log.failed(failure, requestId, {}));
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
