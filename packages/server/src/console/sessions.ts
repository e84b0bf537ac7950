import { createHash } from 'node:crypto';
import type { CredentialSource } from '../api/protocol/call-handler.ts';
import type { Principal } from '../domain/operator/principal.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';

export const sessionBounds = {
  idleMs: 30 * 60_000,
  wholeMs: 12 * 3_600_000,
  /** With one more the one that was not used for the longest time ends. */
  perKey: 10,
  all: 10_000,
} as const;

const tokenBytes = 32;

/** Of one browser that was signed in with an access key. Times are of the clock's `elapsed`. */
export interface Session {
  /** SHA-256 of its token, hexadecimal: who reads this memory cannot use it. */
  readonly digest: string;
  readonly keyId: string;
  readonly begunAt: number;
  usedAt: number;
}

export type EndedBy = 'signed-out' | 'expired' | 'key-gone' | 'too-many';

export interface SessionsOptions {
  readonly credentials: Pick<CredentialSource, 'accessKey'>;
  readonly clock: Clock;
  readonly ids: Pick<IdSource, 'token'>;
}

/**
 * Who is signed in, in memory only: a restart signs everybody out. What a session may do is looked up with each use, so that a key that
 * is deleted, expires or gets another policy is that at once.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  /** By digest, in order of their beginning. */
  readonly #sessions = new Map<string, Session>();
  readonly #endListeners = new Set<(session: Session, by: EndedBy) => void>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Of a key that has been proven. Returns the token, which is nowhere else. */
  begin(keyId: string): string {
    const { clock, ids } = this.#options;
    this.sweep();
    const ofKey = [...this.#sessions.values()].filter((session) => session.keyId === keyId);
    const crowd = ofKey.length >= sessionBounds.perKey ? ofKey : [...this.#sessions.values()];
    if (crowd === ofKey || crowd.length >= sessionBounds.all) this.#end(leastUsed(crowd), 'too-many');
    const token = ids.token(tokenBytes);
    const now = clock.elapsed();
    const digest = digestOf(token);
    this.#sessions.set(digest, { digest, keyId, begunAt: now, usedAt: now });
    return token;
  }

  /**
   * Undefined: there is none (any more).
   * @param isUse somebody did something: a page that looks by itself keeps no session alive.
   */
  find(token: string, isUse: boolean): { readonly session: Session; readonly principal: Principal } | undefined {
    const session = this.#sessions.get(digestOf(token));
    const principal = session && this.principalOf(session);
    if (session === undefined || principal === undefined) return undefined;
    if (isUse) session.usedAt = this.#options.clock.elapsed();
    return { session, principal };
  }

  /** Who it is now; undefined, and the session has ended, where it is nobody any more. */
  principalOf(session: Session): Principal | undefined {
    if (this.#sessions.get(session.digest) !== session) return undefined;
    const { credentials, clock } = this.#options;
    const isOver = this.#isOver(session);
    const principal = isOver ? undefined : credentials.accessKey(session.keyId, clock.now())?.principal;
    if (principal === undefined) this.#end(session, isOver ? 'expired' : 'key-gone');
    return principal;
  }

  end(session: Session): void {
    this.#end(session, 'signed-out');
  }

  /** Ends what is over. */
  sweep(): void {
    for (const session of [...this.#sessions.values()]) this.principalOf(session);
  }

  onEnd(listener: (session: Session, by: EndedBy) => void): void {
    this.#endListeners.add(listener);
  }

  /** Milliseconds until it ends at the latest. */
  leftMs({ begunAt }: Session): number {
    return begunAt + sessionBounds.wholeMs - this.#options.clock.elapsed();
  }

  #isOver({ begunAt, usedAt }: Session): boolean {
    const now = this.#options.clock.elapsed();
    return now - usedAt >= sessionBounds.idleMs || now - begunAt >= sessionBounds.wholeMs;
  }

  #end(session: Session | undefined, by: EndedBy): void {
    if (session === undefined || !this.#sessions.delete(session.digest)) return;
    for (const listener of this.#endListeners) listener(session, by);
  }
}

function leastUsed(sessions: readonly Session[]): Session | undefined {
  return sessions.reduce<Session | undefined>(
    (least, session) => (least === undefined || session.usedAt < least.usedAt ? session : least),
    undefined,
  );
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
