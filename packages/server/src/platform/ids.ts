import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { ResourceId, ResourcePrefix } from '../domain/resource-id.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Randomness as an interface, so that tests can repeat it. */
export interface IdSource {
  resourceId<P extends ResourcePrefix>(prefix: P): ResourceId<P>;
  requestId(): string;
  /** `bytes` random bytes as lower-case hex. */
  token(bytes: number): string;
}

export const randomIds: IdSource = {
  resourceId: (prefix) =>
    `${prefix}-${Array.from({ length: 8 }, () => alphabet.charAt(randomInt(alphabet.length))).join('')}`,
  requestId: () => randomUUID(),
  token: (bytes) => randomBytes(bytes).toString('hex'),
};
