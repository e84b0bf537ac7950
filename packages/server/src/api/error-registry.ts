import type { RefusalReason } from '../domain/refusal.ts';
import { protocolErrors } from './protocol-errors.ts';
import { refusalErrors } from './refusal-errors.ts';

/** One answer to one kind of mistake. Templates hold `{name}` placeholders for the error's details. */
export interface ErrorEntry {
  /** Code on the wire (spec/protocol.md section 6, spec/actions.md). */
  readonly code: string;
  readonly en: string;
  readonly zh: string;
}

export type ErrorReason = RefusalReason | keyof typeof protocolErrors;

/** Every error that the API can answer: the only place where codes and messages stand. */
export const errorRegistry: Readonly<Record<ErrorReason, ErrorEntry>> = { ...protocolErrors, ...refusalErrors };
