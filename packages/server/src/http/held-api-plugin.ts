import type { FastifyReply, FastifyRequest } from 'fastify';
import { RegionNames } from '../domain/operator/region-names.ts';
import { defaultRateLimits } from '../domain/operator/rate-limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import { heldSystemStatusHandlers } from '../api/actions/operator/system-status.ts';
import { wireError, type Language } from '../api/protocol/api-error.ts';
import { createCallHandler } from '../api/protocol/call-handler.ts';
import { createCallRunner } from '../api/protocol/call-runner.ts';
import { incomingOf } from '../api/protocol/incoming-request.ts';
import { wireServices } from '../api/wire/services-on-the-wire.ts';
import { RateLimiter } from '../api/protocol/rate-limit.ts';
import { unprovenBodies } from '../api/protocol/request-bounds.ts';
import { languageOf } from '../api/protocol/signed-call.ts';
import type { SystemFacts } from '../domain/operator/system-facts.ts';
import { UnprovenBytes } from '../api/protocol/unproven-bytes.ts';
import type { ApiPlugin } from './build-app.ts';
import { frameLanguage, sendEnvelope } from './envelope.ts';
import { leaveBodiesUnread } from './unread-bodies.ts';

export interface HeldApiOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly system: SystemFacts;
  /** The access key left for the operator, if there still is one: there is no database to look keys up in. */
  readonly administratorKey: () => { readonly secretId: string; readonly secretKey: string } | null;
  /** It is not the store that has to be looked after. */
  readonly isAgentAway: () => boolean;
}

const mostBodyBytes = 64 * 1024;
const held = { reason: 'service-held' } as const;
const agentAway = { reason: 'agent-not-heard' } as const;

/**
 * The API while nothing may be changed (reason-to-hold.ts): refuses every call with a code that clients do not repeat, and
 * tells the operator why by DescribeSystemStatus.
 */
export function heldApiPlugin({ clock, ids, system, administratorKey, isAgentAway }: HeldApiOptions): ApiPlugin {
  const handleCall = createCallHandler({
    runner: createCallRunner({
      wireServices: wireServices(heldSystemStatusHandlers(system)),
      permits: () => Promise.resolve(true),
      rateLimiter: new RateLimiter(defaultRateLimits, clock),
      regions: new RegionNames(null),
    }),
    credentials: {
      accessKey: (secretId) => {
        const key = administratorKey();
        if (key?.secretId !== secretId) return undefined;
        const bounds = { policies: [], callsPerSecond: null };
        const principal = { accountId: '', isAdministrator: true, secretId, keyId: secretId, ...bounds };
        return { principal, secretKey: key.secretKey };
      },
      temporaryKey: () => undefined,
    },
    clock,
    bounds: {
      mostJsonBytes: mostBodyBytes,
      unprovenForms: new UnprovenBytes(unprovenBodies * mostBodyBytes),
      unprovenJson: new UnprovenBytes(unprovenBodies * mostBodyBytes),
    },
  });
  const refusal = (language: Language) => wireError((isAgentAway() ? agentAway : held).reason, {}, language);
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const RequestId = ids.requestId();
    const incoming = incomingOf(request);
    const response = await handleCall(incoming, RequestId, {}).catch(() => ({ Error: refusal(languageOf(incoming)) }));
    incoming.body.release();
    if (!incoming.body.isWorthDraining) void reply.header('Connection', 'close');
    return sendEnvelope(reply, request, { ...response, RequestId });
  };
  return {
    refuseFrame: (_error, request, reply) =>
      sendEnvelope(reply, request, { Error: refusal(frameLanguage(request)), RequestId: ids.requestId() }),
    routes: (app, _options, done) => {
      leaveBodiesUnread(app);
      app.all('/*', answer);
      done();
    },
  };
}
