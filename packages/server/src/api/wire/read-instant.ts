import { reject } from '../protocol/api-error.ts';

/** ISO 8601 with a time zone; what `Time` of an event says can be given back. Milliseconds since the epoch. */
export function readInstant(name: string, text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    reject('malformed-value', {
      name,
      rule: {
        en: 'a time such as 2026-11-22T20:00:00.000Z is expected',
        zh: '应为时间，例如 2026-11-22T20:00:00.000Z',
      },
    });
  }
  return at;
}
