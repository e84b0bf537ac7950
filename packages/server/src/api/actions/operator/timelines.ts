import type { timelineActions, WireTimelineLine } from '@landbridge/catalogue/operator/timelines';
import type { AuditEvent } from '../../../domain/operator/audit-event.ts';
import type { LineDetail } from '../../../domain/operator/timeline.ts';
import type { Services } from '../../../services/create-services.ts';
import type { TimelineEntry, TimelinePlace } from '../../../services/operator/timelines.ts';
import type { Handlers } from '../../action.ts';
import { reject, type Language } from '../../protocol/api-error.ts';
import { isFindingCode } from '../../../domain/diagnosis/finding-codes.ts';
import { wireFindings } from '../../wire/finding-wire.ts';
import { readInstant } from '../../wire/read-instant.ts';
import { wireInstant } from '../../wire/wire-values.ts';

const usualLimit = 100;

/** What happened to a resource (service landbridge). */
export function timelineHandlers({ timelines }: Services): Handlers<typeof timelineActions> {
  return {
    DescribeTimeline: async (caller, { ResourceId, From, To, Kinds, Order, PaginationToken, Limit }) => {
      const { entries, next, isLast } = await timelines.page(caller, {
        subject: ResourceId,
        from: From === undefined ? null : readInstant('From', From),
        to: To === undefined ? null : readInstant('To', To),
        kinds: Kinds ?? null,
        order: Order ?? 'newest-first',
        after: placeOf(PaginationToken),
        limit: Limit ?? usualLimit,
      });
      const { language } = caller.call;
      const set = entries.map((entry) => wireLine(ResourceId, entry, language));
      return { LineSet: set, PaginationToken: tokenOf(next), IsLast: isLast };
    },
  };
}

function tokenOf({ recorded, event, audit }: TimelinePlace): string {
  return Buffer.from(JSON.stringify([recorded, event, audit])).toString('base64url');
}

function placeOf(token = ''): TimelinePlace {
  if (token === '') return { recorded: null, event: null, audit: null };
  const place = parsed(token);
  const isNumber = (part: unknown) => part === null || (Number.isSafeInteger(part) && Number(part) >= 0);
  if (!Array.isArray(place) || place.length !== 3 || !place.every(isNumber))
    return reject('pagination-token-malformed');
  const [recorded, event, audit] = place as [number | null, number | null, number | null];
  return { recorded, event, audit };
}

function parsed(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}

function wireLine(asked: string, entry: TimelineEntry, language: Language): WireTimelineLine {
  const { source, id, at } = entry;
  const common = { LineId: `${source}-${id}`, Time: wireInstant(at), ...plain };
  switch (entry.source) {
    case 'recorded': {
      const { subject, kind, text, detail } = entry.line;
      return { ...common, ResourceId: subject, Kind: kind, Text: text, ...wireDetail(detail, language) };
    }
    case 'event': {
      const { resourceId, kind, message } = entry.event;
      return { ...common, ResourceId: resourceId, Kind: 'event', Text: `${kind}: ${message}` };
    }
    case 'audit':
      return { ...common, ResourceId: asked, Kind: 'audit', Text: describeCall(entry.call) };
  }
}

const plain = { State: '', Finding: null, IsFirst: false, IsOver: false };

/** What the acting side of a later version has found has no words here. */
function wireDetail(detail: LineDetail | undefined, language: Language): Partial<WireTimelineLine> {
  if (detail === undefined) return {};
  if ('state' in detail) return { State: detail.state, IsFirst: detail.isFirst };
  const known = [detail.finding].filter(({ code }) => isFindingCode(code));
  const [finding = null] = wireFindings(known, language);
  return { Finding: finding, IsOver: detail.isGone };
}

function describeCall({ service, action, secretId, remoteAddress, code, count, changes }: AuditEvent): string {
  const outcome = code === '' ? '' : `, refused with ${code}`;
  const times = count === 1 ? '' : `, ${count} times`;
  const fields = changes.flatMap(({ id, before, after }) => {
    const names = before === null || after === null ? [] : Object.keys(after);
    return names.length === 0 ? [] : [`${id}: ${names.join(', ')}`];
  });
  const changed = fields.length === 0 ? '' : `; changed ${fields.slice(0, 5).join('; ')}`;
  return `${service}:${action} by ${secretId} from ${remoteAddress}${outcome}${times}${changed}`;
}
