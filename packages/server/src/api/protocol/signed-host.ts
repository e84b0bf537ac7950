import { headerOf, type IncomingRequest } from './incoming-request.ts';

/**
 * Host texts that a client may have signed (docs/spec/protocol.md section 3): the header as it is, as Go and Python do
 * (even `http://127.0.0.1:9700`), or without the port, as Node's SDK does.
 */
export function signedHosts(request: IncomingRequest): string[] {
  const host = headerOf(request, 'host') ?? '';
  return [...new Set([host, host.replace(/:\d+$/, '')])];
}

/** Paths that a client may have signed: `/` always, and the real one where an endpoint has a path. */
export function signedPaths({ path }: IncomingRequest): string[] {
  return [...new Set(['/', path])];
}
