import fastify, {
  type FastifyInstance,
  type FastifyPluginCallback,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { mostHeaderBytes, requestTimes } from '../api/protocol/request-bounds.ts';
import { boundConnections } from './connection-bound.ts';

/** The API as a part of an app: its routes with their own parser, limits and envelope. */
export interface ApiPlugin {
  readonly routes: FastifyPluginCallback;
  /** Answers what cannot be read so far that a route is found for it. */
  readonly refuseFrame: (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;
}

export interface AppParts {
  readonly api: ApiPlugin;
}

/** What is behind the listeners that tenants reach. Listening and closing are the caller's. */
export function buildApp({ api }: AppParts): FastifyInstance {
  const app = fastify({
    requestTimeout: requestTimes.wholeMs,
    keepAliveTimeout: requestTimes.idleMs,
    exposeHeadRoutes: false,
    http: {
      maxHeaderSize: mostHeaderBytes,
      headersTimeout: requestTimes.headersMs,
      connectionsCheckingInterval: requestTimes.lookEveryMs,
    },
    frameworkErrors: (error, request, reply) => void api.refuseFrame(error, request, reply),
  });
  boundConnections(app.server);
  void app.register(api.routes);
  return app;
}
