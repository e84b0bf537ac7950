import { serviceVersions } from '@landbridge/catalogue/service-versions';
import { allActions } from '@landbridge/catalogue/services';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { seesSecrets, type Principal } from '../domain/operator/principal.ts';
import type { RegionNames } from '../domain/operator/region-names.ts';
import { reject, wireError } from '../api/protocol/api-error.ts';
import type { CredentialSource } from '../api/protocol/call-handler.ts';
import { incomingOf, type IncomingRequest } from '../api/protocol/incoming-request.ts';
import { unprovenBodies } from '../api/protocol/request-bounds.ts';
import { UnprovenBytes } from '../api/protocol/unproven-bytes.ts';
import type { CallDesk } from '../http/call-desk.ts';
import { frameLanguage, sendEnvelope } from '../http/envelope.ts';
import { explain } from '../http/explain-error.ts';
import { leaveBodiesUnread } from '../http/unread-bodies.ts';
import type { Rows } from '../image/rows.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { ConsoleFiles } from './console-files.ts';
import { ConsoleRefusal, signedOut } from './console-refusal.ts';
import type { EventStreams } from './event-streams.ts';
import { expectOwnOrigin, expectPrivate, isOverHttps } from './origin.ts';
import { readJson, textIn, type JsonObject } from './read-json.ts';
import { cookieOf, endedCookie, tokenIn } from './session-cookie.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';
import { securityHeaders, staticRoutes } from './static-routes.ts';

export interface ConsolePluginOptions {
  readonly files: ConsoleFiles;
  readonly desk: CallDesk;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly streams: EventStreams;
  readonly credentials: Pick<CredentialSource, 'accessKey'>;
  readonly rows: Pick<Rows, 'accounts' | 'vpnGateways'>;
  readonly regions: RegionNames;
  readonly version: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Bytes of one call. */
  readonly mostJsonBytes: number;
  /** Plain HTTP comes from a proxy that ends TLS. */
  readonly isProxied: boolean;
}

interface SignedIn {
  readonly session: Session;
  readonly principal: Principal;
}

const mostSignInBytes = 4096;
const vpcVersion = serviceVersions.vpc;
const versions = new Map<string, string>(allActions.map(({ name, service }) => [name, serviceVersions[service]]));

/**
 * `/console`: the page, who is signed in (`/console/session`), what he calls (`/console/call`) and what he hears (`/console/stream`). A call
 * is run as the signed call of the session's key would be.
 */
export function consolePlugin(options: ConsolePluginOptions): FastifyPluginCallback {
  const { files, desk, sessions, streams, ids } = options;
  const whoIs = (request: FastifyRequest, isUse: boolean): SignedIn => {
    const found = sessions.find(tokenIn(request.headers.cookie), isUse);
    if (found === undefined) throw signedOut();
    return found;
  };
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    sendRefusal(error, request, reply, { desk, RequestId: ids.requestId() });
  return (app, _options, done) => {
    leaveBodiesUnread(app);
    app.addHook('onSend', async (_request, reply) => void reply.headers(securityHeaders));
    app.addHook('preClose', async () => streams.close());
    app.setErrorHandler(refuse);
    staticRoutes(app, files);
    const signIns = new UnprovenBytes(unprovenBodies * mostSignInBytes);
    app.post('/console/session', async (request, reply) => {
      expectOwnOrigin(request.raw, true);
      expectPrivate(request.raw, options.isProxied);
      return beginSession(options, signIns, request, reply);
    });
    app.get('/console/session', (request, reply) => {
      expectOwnOrigin(request.raw, false);
      return send(reply, request, { ...whoItIs(options, whoIs(request, false)), RequestId: ids.requestId() });
    });
    app.delete('/console/session', (request, reply) => {
      expectOwnOrigin(request.raw, true);
      sessions.end(whoIs(request, true).session);
      void reply.header('Set-Cookie', endedCookie());
      return send(reply, request, { RequestId: ids.requestId() });
    });
    const calls = new UnprovenBytes(unprovenBodies * options.mostJsonBytes);
    app.post('/console/call', async (request, reply) => {
      expectOwnOrigin(request.raw, true);
      const isUse = request.headers['x-console-background'] !== '1';
      return send(reply, request, await makeCall(options, calls, request, whoIs(request, isUse)));
    });
    app.get('/console/stream', (request, reply) => {
      expectOwnOrigin(request.raw, false);
      const { session, principal } = whoIs(request, false);
      streams.expectRoom(session, principal);
      openStream(reply, (response) => streams.open(session, principal, response));
    });
    done();
  };
}

async function beginSession(
  options: ConsolePluginOptions,
  unproven: UnprovenBytes,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { sessions, signIn, ids } = options;
  const incoming = incomingOf(request);
  const given = await readReleased(incoming, { limit: mostSignInBytes, unproven });
  const attempt = { secretId: textIn(given, 'SecretId').trim(), secretKey: textIn(given, 'SecretKey').trim() };
  const principal = await signIn({ ...attempt, remoteAddress: incoming.remoteAddress });
  // Whoever signs in anew in the same browser leaves nothing behind.
  const before = sessions.find(tokenIn(request.headers.cookie), false);
  if (before !== undefined) sessions.end(before.session);
  const token = sessions.begin(principal.keyId);
  const signedIn = sessions.find(token, true);
  if (signedIn === undefined) throw signedOut();
  const seconds = Math.floor(sessions.leftMs(signedIn.session) / 1000);
  void reply.header('Set-Cookie', cookieOf(token, { isSecure: isOverHttps(request.raw), seconds }));
  return send(reply, request, { ...whoItIs(options, signedIn), RequestId: ids.requestId() });
}

function whoItIs(options: ConsolePluginOptions, { session, principal }: SignedIn) {
  const { rows, regions, sessions, version, clock } = options;
  const now = clock.now();
  const gateways = rows.vpnGateways.of('account', principal.accountId);
  return {
    SecretId: principal.secretId,
    AccountId: principal.accountId,
    AccountName: rows.accounts.get(principal.accountId)?.name ?? '',
    IsAdministrator: principal.isAdministrator,
    SeesSecrets: seesSecrets(principal),
    Regions: [...new Set([regions.usual, ...gateways.map(({ region }) => region)])],
    Version: version,
    Time: new Date(now).toISOString(),
    EndsAt: new Date(now + sessions.leftMs(session)).toISOString(),
  };
}

function makeCall(
  { desk, sessions, mostJsonBytes }: ConsolePluginOptions,
  unproven: UnprovenBytes,
  request: FastifyRequest,
  { session }: SignedIn,
) {
  const incoming = incomingOf(request);
  const { remoteAddress } = incoming;
  const language = frameLanguage(request);
  return desk.answer({
    remoteAddress,
    language: () => language,
    run: async (requestId, facts) => {
      const call = await readReleased(incoming, { limit: mostJsonBytes, unproven });
      const action = textIn(call, 'Action');
      // While its body came the key may have gone.
      const principal = sessions.principalOf(session) ?? reject('secret-id-unknown');
      facts.secretId = principal.secretId;
      const route = desk.runner.routeOf({ action, version: versions.get(action) ?? vpcVersion }, facts);
      facts.accountId = principal.accountId;
      const region = call['Region'] === undefined ? undefined : textIn(call, 'Region');
      const parameters = () => Promise.resolve(route.validate(call['Parameters'] ?? {}, 'json'));
      return desk.runner.run(route, { principal, region, remoteAddress, language, parameters }, requestId, facts);
    },
  });
}

function readReleased(incoming: IncomingRequest, bounds: Parameters<typeof readJson>[1]): Promise<JsonObject> {
  return readJson(incoming, bounds).finally(() => incoming.body.release());
}

function send(
  reply: FastifyReply,
  request: FastifyRequest,
  response: Readonly<Record<string, unknown>>,
  status?: number,
): FastifyReply {
  void reply.header('Cache-Control', 'no-store');
  return sendEnvelope(reply, request, response, status);
}

/** Errors of these doors have HTTP's status as well: a page learns from it that it has to sign in. */
function sendRefusal(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { desk, RequestId }: { readonly desk: CallDesk; readonly RequestId: string },
) {
  const language = frameLanguage(request);
  const isOurs = error instanceof ConsoleRefusal;
  if (isOurs && error.retryAfterSeconds !== undefined) void reply.header('Retry-After', error.retryAfterSeconds);
  const shown = isOurs ? null : explain(error, (failure) => desk.log.failed(failure, RequestId, {}));
  const Error = isOurs
    ? { Code: error.code, Message: error.words[language === 'zh-CN' ? 'zh' : 'en'] }
    : wireError(shown?.reason ?? 'internal-error', shown?.details ?? {}, language);
  const status = isOurs ? error.status : shown?.reason === 'internal-error' ? 500 : 400;
  if (!incomingOf(request).body.isWorthDraining) void reply.header('Connection', 'close');
  return send(reply, request, { Error, RequestId }, status);
}

function openStream(reply: FastifyReply, open: (response: FastifyReply['raw']) => void): void {
  const headers = { ...securityHeaders, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' };
  reply.hijack();
  // A proxy would keep it until there is more.
  for (const [name, value] of Object.entries({ ...headers, 'X-Accel-Buffering': 'no' }))
    reply.raw.setHeader(name, value);
  open(reply.raw);
}
