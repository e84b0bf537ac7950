import type { AuditEvent } from '../../domain/operator/audit-event.ts';
import { describeError } from '../../platform/describe-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Logs } from '../logs.ts';

export type RefusedCall = Omit<AuditEvent, 'code' | 'count' | 'changes' | 'isCut'> & { readonly code: string };

/** Kinds of refused calls that wait to be written: of one account, and of nobody knows whom. What is beyond is counted. */
const mostKinds = { ofAccount: 100, ofNobody: 20 } as const;
const writtenEveryMs = 5000;

/**
 * Refused calls on their way to the audit log: anybody can make as many as he likes, so they are written a few times a minute,
 * and those that differ in nothing but their time as one.
 */
export class RefusedCalls {
  readonly #audit: Pick<Logs['audit'], 'append'>;
  readonly #logger: Logger;
  #waiting = new Map<string, Map<string, AuditEvent>>();

  constructor(audit: Pick<Logs['audit'], 'append'>, logger: Logger) {
    this.#audit = audit;
    this.#logger = logger;
  }

  note(call: RefusedCall): void {
    const ofAccount = this.#waiting.get(call.accountId) ?? new Map<string, AuditEvent>();
    this.#waiting.set(call.accountId, ofAccount);
    const most = call.accountId === '' ? mostKinds.ofNobody : mostKinds.ofAccount;
    const { kind, event } = ofAccount.size < most || ofAccount.has(kindOf(call)) ? own(call) : others(call);
    const known = ofAccount.get(kind);
    ofAccount.set(kind, known === undefined ? event : { ...known, count: known.count + 1 });
  }

  /** Writes what waits. What cannot be written is lost: it is said in the log. */
  async flush(): Promise<void> {
    const events = [...this.#waiting.values()].flatMap((ofAccount) => [...ofAccount.values()]);
    if (events.length === 0) return;
    this.#waiting = new Map();
    try {
      await this.#audit.append(events);
    } catch (error) {
      this.#logger.error({ err: describeError(error), kinds: events.length }, 'refused calls could not be audited');
    }
  }

  /** Until the signal aborts, and what waits then. */
  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.delay(writtenEveryMs, signal).catch(() => undefined);
      await this.flush();
    }
  }
}

function kindOf({ secretId, service, action, remoteAddress, code }: RefusedCall): string {
  return JSON.stringify([secretId, service, action, remoteAddress, code]);
}

function own(call: RefusedCall): { readonly kind: string; readonly event: AuditEvent } {
  return { kind: kindOf(call), event: { ...call, count: 1, changes: [], isCut: false } };
}

/** Too many kinds: all the others are one. */
function others({ at, accountId, requestId }: RefusedCall): { readonly kind: string; readonly event: AuditEvent } {
  const nothing = { secretId: '', service: '', action: '', region: '', remoteAddress: '', resources: [] };
  return {
    kind: '',
    event: { ...nothing, at, accountId, requestId, code: 'others', count: 1, changes: [], isCut: true },
  };
}
