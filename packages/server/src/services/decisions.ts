import { clientTokenBounds } from '../domain/operator/client-token.ts';
import type { LogEntry } from '../domain/operator/log-entry.ts';
import { refuse } from '../domain/refusal.ts';
import type { Change } from '../image/change.ts';
import type { Draft, DraftRows } from '../image/draft.ts';
import type { Clock } from '../platform/clock.ts';
import { auditEventOf } from './audit-event-of.ts';
import type { Caller } from './caller.ts';
import type { ServiceDependencies } from './dependencies.ts';
import type { Sealing } from './sealing.ts';

/** Where decisions are made, one after the other. */
export interface DecidingSide {
  decide<Answer>(
    decision: (rows: DraftRows) => Answer,
    entryFor: (changes: readonly Change[]) => LogEntry | null,
  ): Promise<Answer>;
  preview<Answer>(decision: (rows: DraftRows) => Answer): Promise<{ readonly answer: Answer; readonly draft: Draft }>;
}

/**
 * Decisions of callers: each is committed with the audit event that says whose it was; one with a ClientToken is made once; one
 * that is rehearsed is committed not at all.
 */
export function decisionsOf(
  side: DecidingSide,
  sealing: Sealing,
  clock: Clock,
): Pick<ServiceDependencies, 'decide' | 'forgetAnswer'> {
  return { decide: deciding(side, sealing, clock), forgetAnswer: forgetting(side) };
}

function deciding(side: DecidingSide, sealing: Sealing, clock: Clock): ServiceDependencies['decide'] {
  const decided = new WeakSet<Caller>();
  return async (caller, decision) => {
    const { rehearsal } = caller;
    if (rehearsal !== null) {
      const { answer, draft } = await side.preview(decision);
      rehearsal.rehearsed(draft);
      return answer;
    }
    expectFirst(decided, caller);
    let isRepeated = false;
    const once = (rows: DraftRows) => {
      const answered = answeredBefore(rows, caller, sealing, clock.now());
      isRepeated = answered !== undefined;
      if (answered !== undefined) return answered.answer as ReturnType<typeof decision>;
      const answer = decision(rows);
      rememberAnswer(rows, caller, sealing, clock.now(), answer);
      return answer;
    };
    return side.decide(once, (changes) =>
      isRepeated ? null : { kind: 'audit', event: auditEventOf(caller, changes, clock.now()) },
    );
  };
}

/** What a ClientToken of the caller stands for is forgotten. */
function forgetting(side: DecidingSide): ServiceDependencies['forgetAnswer'] {
  return async ({ principal: { keyId }, call: { repeatable } }) => {
    if (repeatable === null) return;
    const forget = (rows: DraftRows) => rows.clientTokens.remove(keyId, repeatable.token);
    await side.decide(forget, () => null);
  };
}

/** A token stands for the one decision of a call: a second one would be given the answer of the first. */
function expectFirst(decided: WeakSet<Caller>, caller: Caller): void {
  if (caller.call.repeatable === null) return;
  if (decided.has(caller)) throw new Error(`${caller.call.action} makes two decisions, and can be repeated`);
  decided.add(caller);
}

/** Undefined: this call was not made before. Refuses another call with the same token. */
function answeredBefore(
  rows: DraftRows,
  { principal: { keyId }, call: { repeatable } }: Caller,
  sealing: Sealing,
  now: number,
): { readonly answer?: unknown } | undefined {
  if (repeatable === null) return undefined;
  const known = rows.clientTokens.get(keyId, repeatable.token);
  if (known === undefined || known.createdAt + clientTokenBounds.retentionMs <= now) return undefined;
  if (known.callDigest !== sealing.digest(repeatable.content))
    refuse('client-token-of-other-call', { token: repeatable.token });
  return JSON.parse(sealing.open(`client-token:${keyId}:${repeatable.token}`, known.sealedAnswer)) as {
    answer?: unknown;
  };
}

function rememberAnswer(
  rows: DraftRows,
  { principal: { keyId }, call: { repeatable } }: Caller,
  sealing: Sealing,
  now: number,
  answer: unknown,
): void {
  if (repeatable === null) return;
  const { token, content } = repeatable;
  const callDigest = sealing.digest(content);
  const sealedAnswer = sealing.seal(`client-token:${keyId}:${token}`, JSON.stringify({ answer }));
  rows.clientTokens.put({ keyId, token, callDigest, sealedAnswer, createdAt: now });
  const kept = rows.clientTokens.of('accessKey', keyId);
  const { retentionMs, perKey } = clientTokenBounds;
  for (const [at, old] of kept.entries()) {
    if (old.createdAt + retentionMs > now && kept.length - at <= perKey) break;
    rows.clientTokens.remove(keyId, old.token);
  }
}
