import type { RefusalDetails } from '../../domain/refusal.ts';
import { errorRegistry, type ErrorReason } from '@landbridge/catalogue/errors/error-registry';

export type Language = 'zh-CN' | 'en-US';

/** A mistake in the request, found in this layer. Services throw Refusal for theirs. */
export class ApiError extends Error {
  readonly reason: ErrorReason;
  readonly details: RefusalDetails;

  constructor(reason: ErrorReason, details: RefusalDetails = {}) {
    super(reason);
    this.name = 'ApiError';
    this.reason = reason;
    this.details = details;
  }
}

export function reject(reason: ErrorReason, details: RefusalDetails = {}): never {
  throw new ApiError(reason, details);
}

/** Caller's text in messages is cut to this many characters. */
const longestDetail = 200;

/** Code and message of an error on the wire. */
export function wireError(
  reason: ErrorReason,
  details: RefusalDetails,
  language: Language,
): { readonly Code: string; readonly Message: string } {
  const { code, en, zh } = errorRegistry[reason];
  const [template, inLanguage] = language === 'zh-CN' ? ([zh, 'zh'] as const) : ([en, 'en'] as const);
  const message = template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
    const detail = Object.hasOwn(details, name) ? (details[name] ?? placeholder) : placeholder;
    const value = typeof detail === 'object' ? detail[inLanguage] : String(detail);
    return value.length > longestDetail ? `${value.slice(0, longestDetail)}…` : value;
  });
  return { Code: code, Message: message };
}
