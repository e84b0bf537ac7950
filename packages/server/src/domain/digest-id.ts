import { createHash } from 'node:crypto';
import type { ResourceId, ResourcePrefix } from './resource-id.ts';

const suffixes = 36n ** 8n;

/** The id of something that is derived and has no row: always the same for the same parts. */
export function digestId<P extends ResourcePrefix>(prefix: P, ...parts: readonly string[]): ResourceId<P> {
  return `${prefix}-${(digestOf(parts) % suffixes).toString(36).padStart(8, '0')}`;
}

/** The same as a number that JSON carries exactly. */
export function digestNumber(...parts: readonly string[]): number {
  return Number(digestOf(parts) % BigInt(Number.MAX_SAFE_INTEGER));
}

function digestOf(parts: readonly string[]): bigint {
  return BigInt(`0x${createHash('sha256').update(parts.join(' ')).digest('hex')}`);
}
