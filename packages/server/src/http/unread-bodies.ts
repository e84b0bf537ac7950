import type { FastifyInstance } from 'fastify';

/** Nobody reads a body before it is known what for: see IncomingBody. */
export function leaveBodiesUnread(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}
