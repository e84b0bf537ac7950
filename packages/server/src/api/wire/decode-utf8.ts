import type { Words } from '../../domain/refusal.ts';
import { reject } from '../protocol/api-error.ts';

/** The text of these bytes; throws ApiError that begins with `what` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, what: Words): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return reject('request-malformed', { problem: { en: `${what.en} is not UTF-8`, zh: `${what.zh}不是 UTF-8` } });
  }
}
