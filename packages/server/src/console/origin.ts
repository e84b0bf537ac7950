import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { foreignOrigin, notPrivate } from './console-refusal.ts';

/** Where the page stands that sent a request, as the browser says: nobody else can make it say so. */

/**
 * Throws ConsoleRefusal unless the request comes from a page of this very console.
 * @param changes it does something: then the browser has to say where it comes from.
 */
export function expectOwnOrigin({ headers, socket }: IncomingMessage, changes: boolean): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && (changes || site !== 'none')) throw foreignOrigin();
  if (!changes) return;
  const origin = urlOf(headers.origin);
  if (origin === null) throw foreignOrigin();
  if (hostOf(headers.host, origin.protocol) !== origin.host) throw foreignOrigin();
  if (isEncrypted(socket) && origin.protocol !== 'https:') throw foreignOrigin();
}

/**
 * Throws ConsoleRefusal where a secret could be heard on its way: it came in clear from another host, or left the browser in clear for a
 * host that is not its own.
 * @param isProxied plain HTTP comes from a proxy that ends TLS, where nobody can listen in between.
 */
export function expectPrivate({ headers, socket }: IncomingMessage, isProxied: boolean): void {
  const origin = urlOf(headers.origin);
  const arrivedPrivately = isEncrypted(socket) || isProxied || isLoopback(socket.remoteAddress ?? '');
  const leftPrivately = origin?.protocol === 'https:' || isLoopbackName(origin?.hostname ?? '');
  if (!arrivedPrivately || !leftPrivately) throw notPrivate();
}

/** Whether the browser speaks HTTPS, to us or to a proxy. */
export function isOverHttps({ headers }: IncomingMessage): boolean {
  return urlOf(headers.origin)?.protocol === 'https:';
}

function urlOf(text: string | undefined): URL | null {
  return text === undefined ? null : URL.parse(text);
}

/** As a URL has it: without the usual port. */
function hostOf(host: string | undefined, protocol: string): string | null {
  return urlOf(host === undefined ? undefined : `${protocol}//${host}`)?.host ?? null;
}

function isEncrypted(socket: IncomingMessage['socket']): boolean {
  return (socket as Partial<TLSSocket>).encrypted === true;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name);
}
