import { createHash } from 'node:crypto';
import { isEqualText } from '../api/protocol/equal-text.ts';
import type { CredentialSource } from '../api/protocol/call-handler.ts';
import type { Principal } from '../domain/operator/principal.ts';
import type { AuditEvent } from '../domain/operator/audit-event.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Logs } from '../services/logs.ts';
import type { RefusedCalls } from '../services/operator/refused-calls.ts';
import { signInFailed, tooManySignIns } from './console-refusal.ts';
import { SignInLimits } from './sign-in-limits.ts';

export interface SignInOptions {
  readonly credentials: Pick<CredentialSource, 'accessKey'>;
  readonly audit: Pick<Logs['audit'], 'append'>;
  readonly refusedCalls: Pick<RefusedCalls, 'note'>;
  readonly clock: Clock;
  readonly ids: Pick<IdSource, 'requestId'>;
  readonly logger: Logger;
}

export interface SignInAttempt {
  readonly secretId: string;
  readonly secretKey: string;
  readonly remoteAddress: string;
}

export type SignIn = (attempt: SignInAttempt) => Promise<Principal>;

/** Compared with where there is no such key, so that this takes the same time. */
const nobodysKey = 'no key';

/**
 * Proves who has the secret half of an access key; throws ConsoleRefusal otherwise. What it compares are digests: the time taken tells
 * nothing, not even a length. Both outcomes are audited.
 */
export function signInWith({ credentials, audit, refusedCalls, clock, ids, logger }: SignInOptions): SignIn {
  const limits = new SignInLimits(clock);
  return async ({ secretId, secretKey, remoteAddress }) => {
    const seconds = limits.waitSeconds(remoteAddress, secretId);
    if (seconds > 0) throw tooManySignIns(seconds);
    const found = credentials.accessKey(secretId, clock.now());
    const isKey = isEqualText(digestOf(found?.secretKey ?? nobodysKey), digestOf(secretKey));
    const about = auditedOf(secretId, remoteAddress, ids.requestId(), clock.now());
    if (found === undefined || !isKey) {
      limits.failed(remoteAddress, secretId);
      refusedCalls.note({ ...about, code: signInFailed().code });
      throw signInFailed();
    }
    const { principal } = found;
    const event = { ...about, accountId: principal.accountId, code: '', count: 1, changes: [], isCut: false };
    // A full disk keeps nobody from looking what is wrong.
    await audit.append([event]).catch((error: unknown) => {
      logger.error({ error: describeError(error), secretId }, 'a sign-in could not be audited');
    });
    return principal;
  };
}

function auditedOf(secretId: string, remoteAddress: string, requestId: string, at: number) {
  const call = { service: 'console', action: 'SignIn', region: '', resources: [], accountId: '' };
  return { ...call, secretId: secretId.slice(0, 80), remoteAddress, requestId, at } satisfies Partial<AuditEvent>;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
