import type { ErrorEntry } from './error-entry.ts';
import { protocolErrors } from './protocol-errors.ts';
import { refusalErrors } from './refusal-errors.ts';

export type ErrorReason = keyof typeof refusalErrors | keyof typeof protocolErrors;

/** Every error that the API can answer: the only place where codes and messages stand. */
export const errorRegistry: Readonly<Record<ErrorReason, ErrorEntry>> = { ...protocolErrors, ...refusalErrors };
