import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { mostHeaderBytes, requestTimes } from '../api/protocol/request-bounds.ts';
import { boundConnections } from './connection-bound.ts';

/** An app without routes whose connections and requests are bounded in number, size and time. */
export function boundedApp(
  options: Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'> = {},
): FastifyInstance {
  const app = fastify({
    requestTimeout: requestTimes.wholeMs,
    keepAliveTimeout: requestTimes.idleMs,
    exposeHeadRoutes: false,
    http: {
      maxHeaderSize: mostHeaderBytes,
      headersTimeout: requestTimes.headersMs,
      connectionsCheckingInterval: requestTimes.lookEveryMs,
    },
    ...options,
  });
  boundConnections(app.server);
  return app;
}

/** fastify loads some of its modules with the first app only: to be called while this process may still read them. */
export async function loadLateModules(): Promise<void> {
  const app = boundedApp();
  await app.ready();
  await app.close();
}
