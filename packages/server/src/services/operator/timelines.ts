import type { AuditSelection, RecordedAuditEvent } from '../../domain/operator/audit-event.ts';
import type { RecordedEvent } from '../../domain/operator/event.ts';
import {
  recordedKinds,
  type RecordedKind,
  type RecordedLine,
  type RecordedPage,
  type TimelineKind,
} from '../../domain/operator/timeline.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { tablesByPrefix } from '../tables-by-prefix.ts';
import { sees } from '../visible-rows.ts';
import { accessService } from './access.ts';

export interface TimelineSelection {
  readonly subject: string;
  /** Milliseconds since the epoch; null: without a bound. */
  readonly from: number | null;
  /** Before that. */
  readonly to: number | null;
  readonly kinds: readonly TimelineKind[] | null;
  readonly order: 'oldest-first' | 'newest-first';
  readonly after: TimelinePlace;
  readonly limit: number;
}

/** How far each source was told; null: nothing of it. */
export interface TimelinePlace {
  readonly recorded: number | null;
  readonly event: number | null;
  readonly audit: number | null;
}

export type TimelineEntry =
  | { readonly source: 'recorded'; readonly id: number; readonly at: number; readonly line: RecordedLine }
  | { readonly source: 'event'; readonly id: number; readonly at: number; readonly event: RecordedEvent }
  | { readonly source: 'audit'; readonly id: number; readonly at: number; readonly call: RecordedAuditEvent };

export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  /** Where to go on, now or later. */
  readonly next: TimelinePlace;
  readonly isLast: boolean;
}

export type TimelineService = ReturnType<typeof timelineService>;

/** So many calls are looked for at once; oldest first, these are the newest, and no more are told. */
const mostCalls = 200;
const callsOfPage = 100;
/** To prove whose a resource was that is gone, so many stretches of the log are looked at. */
const mostStretches = 8;

/** What happened to a resource: what the acting side recorded, older events that it does not have any more, and who called for what. */
export function timelineService(dependencies: ServiceDependencies) {
  const { read, logs, recorded } = dependencies;
  const { permits } = accessService(dependencies);

  /** The caller's own, as far as this log tells; an administrator's are all. */
  const wasOwn = async ({ accountId, isAdministrator }: Caller, id: string): Promise<boolean> => {
    if (isAdministrator) return true;
    let beforeId: number | undefined;
    for (let stretch = 0; stretch < mostStretches; stretch++) {
      const selection = { ...anyCall, accountId, resourceId: id, outcome: 'succeeded', beforeId } as const;
      const { events, nextBeforeId } = await logs.audit.page(selection);
      if (events.some(({ changes }) => changes.some((change) => change.id === id && isRowOf(id, change.kind))))
        return true;
      if (nextBeforeId === null) return false;
      beforeId = nextBeforeId;
    }
    return false;
  };

  const calls = async (
    caller: Caller,
    { subject, from, to, kinds, order, after }: TimelineSelection,
  ): Promise<CallsFound> => {
    if (kinds?.includes('audit') === false) return noCalls;
    const question = { service: 'landbridge', action: 'DescribeAuditEvents', effect: 'reads', ids: [] } as const;
    if (!(await permits(caller.principal, question))) return noCalls;
    const accountId = caller.isAdministrator ? undefined : caller.accountId;
    const found: RecordedAuditEvent[] = [];
    let beforeId = order === 'newest-first' ? (after.audit ?? undefined) : undefined;
    for (let stretch = 0; stretch < mostStretches && found.length < mostCalls; stretch++) {
      const times = { since: from ?? undefined, until: to ?? undefined };
      const page = await logs.audit.page({ ...anyCall, ...times, accountId, resourceId: subject, beforeId });
      found.push(...page.events);
      beforeId = page.nextBeforeId ?? undefined;
      if (beforeId === undefined) break;
    }
    if (order === 'newest-first') return { calls: found, next: beforeId ?? null };
    return { calls: found.reverse().filter(({ id }) => after.audit === null || id > after.audit), next: null };
  };

  const earlierEvents = async (accountId: string | undefined, selection: TimelineSelection, page: RecordedPage) => {
    const { subject, from, to, kinds, order, after, limit } = selection;
    if (accountId === undefined || kinds?.includes('event') === false) return [];
    const recordedSince = page.storySince ?? Number.MAX_SAFE_INTEGER;
    const stretch = { resourceId: subject, from, to, recordedSince, order, after: after.event, limit: limit + 1 };
    return logs.events.stretch(accountId, stretch);
  };

  return {
    /** Refuses where the acting side cannot be asked: half a story would be another one. */
    page: async (caller: Caller, selection: TimelineSelection): Promise<Timeline> => {
      const { subject, kinds, after } = selection;
      const owner = await read((rows) => ownerOf(rows, subject));
      const isVisible = owner === undefined ? await wasOwn(caller, subject) : sees(caller, { accountId: owner });
      if (!isVisible) refuse('not-found', { id: subject });
      const wanted = kinds?.filter((kind): kind is RecordedKind => (recordedKinds as readonly string[]).includes(kind));
      const answer = await recorded({ ...selection, kinds: wanted ?? null, after: after.recorded });
      if ('problem' in answer) refuse('timeline-not-there', { id: subject, why: answer.problem });
      const { page } = answer;
      const [events, audited] = await Promise.all([earlierEvents(owner, selection, page), calls(caller, selection)]);
      const timeline = merge(selection, page, events, audited);
      // Of a resource that never was there is nothing.
      const isNew = Object.values(after).every((place) => place === null);
      const isNothing = timeline.entries.length === 0 && timeline.isLast && page.storySince === null;
      if (owner === undefined && subject !== 'host' && isNew && isNothing) refuse('not-found', { id: subject });
      return timeline;
    },
  };
}

/** Calls in the order that was asked for. */
interface CallsFound {
  readonly calls: readonly RecordedAuditEvent[];
  /** Newest first: those before this one were not looked at yet; null: none is left. */
  readonly next: number | null;
}

const noCalls: CallsFound = { calls: [], next: null };

const anyCall: Omit<AuditSelection, 'accountId'> = {
  ...{ beforeId: undefined, since: undefined, until: undefined, secretId: undefined, action: undefined },
  ...{ resourceId: undefined, requestId: undefined, outcome: undefined, limit: callsOfPage },
};

/** Undefined: there is no such resource, any more at least. */
function ownerOf(rows: Rows, id: string): string | undefined {
  const table = tableOf(id);
  return table === undefined
    ? undefined
    : (rows[table].get(id) as { readonly accountId: string } | undefined)?.accountId;
}

function isRowOf(id: string, kind: string): boolean {
  return tableOf(id) === kind;
}

function tableOf(id: string) {
  return tablesByPrefix[id.slice(0, id.indexOf('-')) as keyof typeof tablesByPrefix] as
    (typeof tablesByPrefix)[keyof typeof tablesByPrefix] | undefined;
}

/** Each source stays in its own order; which of them is next, the time of day says. */
function merge(
  { order, after, limit }: TimelineSelection,
  page: RecordedPage,
  events: readonly RecordedEvent[],
  audited: CallsFound,
): Timeline {
  const lists = [
    page.lines.map((line): TimelineEntry => ({ source: 'recorded', id: line.id, at: line.at, line })),
    events.map((event): TimelineEntry => ({ source: 'event', id: event.id, at: event.at, event })),
    audited.calls.map((call): TimelineEntry => ({ source: 'audit', id: call.id, at: call.at, call })),
  ];
  const isSooner = (a: number, b: number) => (order === 'oldest-first' ? a < b : a > b);
  const next = { ...after };
  const entries: TimelineEntry[] = [];
  const heads = [0, 0, 0];
  const [hasMoreLines, hasMoreCalls] = [!page.isLast, audited.next !== null];
  const [areLinesTold, areCallsTold] = [() => heads[0] === page.lines.length, () => heads[2] === audited.calls.length];
  // What comes next there may come before what is next here.
  const isWaiting = () => (hasMoreLines && areLinesTold()) || (hasMoreCalls && areCallsTold());
  while (entries.length < limit && !isWaiting()) {
    let first: { readonly entry: TimelineEntry; readonly list: number } | undefined;
    for (const [list, all] of lists.entries()) {
      const entry = all[heads[list] ?? 0];
      if (entry !== undefined && (first === undefined || isSooner(entry.at, first.entry.at))) first = { entry, list };
    }
    if (first === undefined) break;
    entries.push(first.entry);
    heads[first.list] = (heads[first.list] ?? 0) + 1;
    next[first.entry.source] = first.entry.id;
  }
  // What was looked at and did not fit need not be looked at again.
  if (areLinesTold()) next.recorded = page.next;
  if (hasMoreCalls && areCallsTold()) next.audit = audited.next;
  const isAll = lists.every((all, list) => heads[list] === all.length);
  return { entries, next, isLast: isAll && !hasMoreLines && !hasMoreCalls };
}
