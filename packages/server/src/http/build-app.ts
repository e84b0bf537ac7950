import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import type { IdSource } from '../platform/ids.ts';
import { answerExpectations, answerUnreadable } from './unreadable-requests.ts';
import { boundedApp } from './bounded-app.ts';
import { healthRoutes, type HealthOptions } from './health-routes.ts';

/** The API as a part of an app: its routes with their own parser, limits and envelope. */
export interface ApiPlugin {
  readonly routes: FastifyPluginCallback;
  /** Answers what cannot be read so far that a route is found for it. */
  readonly refuseFrame: (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;
}

export interface AppParts {
  readonly api: ApiPlugin;
  readonly health: HealthOptions;
  /** The web console; null: none. */
  readonly console: FastifyPluginCallback | null;
  readonly ids: IdSource;
}

/** What is behind the listeners that tenants reach. Listening and closing are the caller's. */
export function buildApp({ api, health, console, ids }: AppParts): FastifyInstance {
  const app = boundedApp({
    frameworkErrors: (error, request, reply) => void api.refuseFrame(error, request, reply),
    clientErrorHandler: answerUnreadable(ids),
  });
  answerExpectations(app.server, ids);
  void app.register(api.routes);
  void app.register(healthRoutes(health));
  if (console !== null) void app.register(console);
  return app;
}
