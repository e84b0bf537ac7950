import type { ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import { ApiError } from '../api/protocol/api-error.ts';
import { BusyError } from '../domain/busy-error.ts';
import { Refusal, type RefusalDetails } from '../domain/refusal.ts';
import { DiskError } from '../store/store-error.ts';

export interface Explanation {
  readonly reason: ErrorReason;
  readonly details: RefusalDetails;
}

type Report = (failure: unknown) => void;

/** Mistakes of the caller by their reason; anything else is ours: reported whole, answered without details. */
export function explain(error: unknown, report: Report): Explanation {
  if (error instanceof ApiError || error instanceof Refusal) return error;
  if (error instanceof BusyError) return { reason: 'service-busy', details: {} };
  report(error);
  if (error instanceof DiskError) return { reason: 'disk-failure', details: {} };
  return { reason: 'internal-error', details: {} };
}

/** Errors that fastify finds before a call begins; undefined: there is no such route. */
export function explainFrame(error: unknown, report: Report): Explanation {
  if (error === undefined) {
    return {
      reason: 'request-malformed',
      details: { problem: { en: 'send GET or POST to the path /', zh: '请向路径 / 发送 GET 或 POST 请求' } },
    };
  }
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode < 500)
    return { reason: 'request-malformed', details: { problem: { en: message, zh: 'HTTP 请求不合法' } } };
  report(error);
  return { reason: 'internal-error', details: {} };
}
