import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { indexName, type ConsoleFile, type ConsoleFiles } from './console-files.ts';

/** What the page may load and who may show it, on everything that is answered below `/console`. */
export const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Files as they are, and the page itself for every address within it (`/console/tunnels/vpnx-…`). */
export function staticRoutes(app: FastifyInstance, files: ConsoleFiles): void {
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    const { '*': path = '' } = request.params as { readonly '*'?: string };
    const file = files.get(path) ?? (isWithinPage(path) ? files.get(indexName) : undefined);
    if (file === undefined) return reply.status(404).type('text/plain').send('There is no such file.\n');
    return sendFile(request, reply, file);
  };
  app.get('/console', answer);
  app.get('/console/*', answer);
}

/** What has an extension, or a folder of files, is meant to be a file. */
function isWithinPage(path: string): boolean {
  return !path.startsWith('assets/') && !/\.\w+$/.test(path);
}

function sendFile(request: FastifyRequest, reply: FastifyReply, { bytes, gzip, type, isImmutable }: ConsoleFile) {
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (takesGzip) void reply.header('Content-Encoding', 'gzip');
  return reply
    .header('Cache-Control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-store')
    .header('Vary', 'Accept-Encoding')
    .type(type)
    .send(takesGzip ? gzip : bytes);
}
