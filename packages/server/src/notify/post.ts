import { lookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { WebhookTargets } from './webhook-targets.ts';

export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Resolves once it was taken. Rejects with `NotTakenError` where it was heard and not taken, and with anything else where it was not heard. */
export type SendPost = (post: Post, signal: AbortSignal) => Promise<void>;

/** Whoever was told answered another status than one of success. The only failure whose words say nothing about this host and its network. */
export class NotTakenError extends Error {
  constructor(status: number) {
    super(`it answered ${status}`);
  }
}

/**
 * One POST, to an address that may be told. The address that was checked is the one that is called, whatever the name resolves to
 * next. Redirects are not followed, and nothing of the answer but its status is read. It ends with the signal, for whose reason.
 */
export function guardedPost(targets: Pick<WebhookTargets, 'allows'>): SendPost {
  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const refused = addresses.find(({ address }) => !targets.allows(address));
      const [first] = addresses;
      if (refused !== undefined) callback(notAllowed(refused.address), []);
      else if (options.all === true || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
  return (post, signal) =>
    new Promise((resolve, reject) => {
      const url = new URL(post.url);
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      // An address is looked up by nobody.
      if (isIP(literal) !== 0 && !targets.allows(literal)) {
        reject(notAllowed(literal));
        return;
      }
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const sent = send(url, {
        method: 'POST',
        headers: post.headers,
        lookup: guardedLookup,
        agent: false,
        signal,
      });
      sent.on('response', (answer) => {
        answer.destroy();
        const { statusCode = 0 } = answer;
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new NotTakenError(statusCode));
      });
      sent.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
      sent.end(post.body);
    });
}

function notAllowed(address: string): Error {
  return new Error(`${address} is an address of the host or of a private network, which is not told`);
}
