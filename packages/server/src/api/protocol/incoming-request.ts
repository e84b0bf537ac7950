import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { IncomingBody } from './incoming-body.ts';

/** An HTTP request as it came, before anything was decoded: signatures cover these very bytes. */
export interface IncomingRequest {
  readonly method: 'GET' | 'POST';
  /** Without the query. */
  readonly path: string;
  /** Raw, without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** IP address of the connection's other end; empty when it is gone already. */
  readonly remoteAddress: string;
  readonly body: IncomingBody;
}

/** Its body stays unread. */
export function incomingOf(request: FastifyRequest): IncomingRequest {
  const { url = '/', headers, method } = request.raw;
  const mark = url.indexOf('?');
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    remoteAddress: request.raw.socket.remoteAddress ?? '',
    body: new IncomingBody(request.raw),
  };
}

/** The header's value, or undefined when absent or empty. */
export function headerOf({ headers }: IncomingRequest, name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(', ') : value;
  return text === '' ? undefined : text;
}

/** `application/json` of `Application/JSON; charset=utf-8`. */
export function mediaTypeOf(request: IncomingRequest): string {
  const [type = ''] = (headerOf(request, 'content-type') ?? '').split(';');
  return type.trim().toLowerCase();
}
