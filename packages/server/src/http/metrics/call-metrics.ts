import { errorRegistry, type ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { AnsweredCall } from '../../api/protocol/call-log.ts';

/** Seconds: from a Describe by id to a call that waited for the disk. */
const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * Calls by Action and outcome. Series are bounded by the catalogue: names are counted once the Action is known and the
 * signature proven, so that strangers make none; nothing that a caller chose is a label.
 */
export class CallMetrics {
  readonly #calls: Counter<'service' | 'action' | 'code'>;
  readonly #durations: Histogram<'service' | 'action'>;
  readonly #limits: Counter<'limit'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#calls = new Counter({
      name: 'landbridge_api_calls_total',
      help: 'Calls answered, by Action and error code (OK: none); without an Action where the signature was not proven.',
      labelNames: ['service', 'action', 'code'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'landbridge_api_call_duration_seconds',
      help: 'Time from the first byte understood to the answer, of calls that the rate limits let through.',
      labelNames: ['service', 'action'],
      buckets,
      registers,
    });
    this.#limits = new Counter({
      name: 'landbridge_api_limits_hit_total',
      help: 'Calls refused by a limit: of rate, of size, of what waits, or a quota.',
      labelNames: ['limit'],
      registers,
    });
  }

  answered({ facts, code, reason, durationMs }: AnsweredCall): void {
    const { accountId, service = '', action = '', admitted } = facts;
    const names = accountId === undefined ? { service: '', action: '' } : { service, action };
    this.#calls.inc({ ...names, code: code === '' ? 'OK' : code });
    if (admitted === true) this.#durations.observe(names, durationMs / 1000);
    if (isLimit(reason)) this.#limits.inc({ limit: reason });
  }
}

const limits: ReadonlySet<string> = new Set(
  (Object.keys(errorRegistry) as ErrorReason[]).filter((reason) =>
    errorRegistry[reason].code.includes('LimitExceeded'),
  ),
);

function isLimit(reason: string): boolean {
  return limits.has(reason);
}
