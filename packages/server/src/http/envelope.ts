import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../api/protocol/api-error.ts';

/** Bytes, because fastify adds a charset to JSON text, which some Python clients then do not take for JSON. */
export function sendEnvelope(
  reply: FastifyReply,
  request: FastifyRequest,
  response: Readonly<Record<string, unknown>>,
  status = 200,
): FastifyReply {
  const traceId = request.headers['x-tc-traceid'];
  if (typeof traceId === 'string' && /^[\x21-\x7e]{1,128}$/.test(traceId)) void reply.header('X-TC-TraceId', traceId);
  return reply
    .status(status)
    .header('Content-Type', 'application/json')
    .send(Buffer.from(JSON.stringify({ Response: response })));
}

/** Of a request that is no call yet. */
export function frameLanguage({ headers }: Pick<IncomingMessage, 'headers'>): Language {
  return headers['x-tc-language'] === 'zh-CN' ? 'zh-CN' : 'en-US';
}
