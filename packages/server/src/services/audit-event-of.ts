import { isDeepStrictEqual } from 'node:util';
import { auditBounds, type AuditedChange, type AuditEvent } from '../domain/operator/audit-event.ts';
import type { Change } from '../image/change.ts';
import { splitKey } from '../image/table-shape.ts';
import type { Caller } from './caller.ts';

/** What a caller changed, for the audit log. */
export function auditEventOf(caller: Caller, changes: readonly Change[], now: number): AuditEvent {
  const { accountId, region, requestId, principal, call } = caller;
  const audited = changes.flatMap(auditedChange);
  const resources = [...new Set([...call.resources, ...audited.map(({ id }) => id)])];
  const kept = fitting(audited);
  return {
    ...{ at: now, accountId, secretId: principal.secretId, service: call.service, action: call.action, region },
    ...{ remoteAddress: call.remoteAddress, requestId, code: '', count: 1 },
    resources: resources.slice(0, auditBounds.resources),
    changes: kept,
    isCut: kept.length < audited.length || resources.length > auditBounds.resources,
  };
}

/** What the service keeps for itself says nothing about what was done. */
const ownTables: ReadonlySet<string> = new Set(['counters', 'clientTokens'] satisfies Change['table'][]);
const longestText = 2000;

function auditedChange({ table, key, before, after }: Change): readonly AuditedChange[] {
  if (ownTables.has(table)) return [];
  const [was, is] = [before, after] as unknown as (Readonly<Record<string, unknown>> | null)[];
  const names = Object.keys({ ...was, ...is }).filter((name) => !isDeepStrictEqual(was?.[name], is?.[name]));
  const shown = (row: Readonly<Record<string, unknown>> | null | undefined) =>
    row == null ? null : Object.fromEntries(names.map((name) => [name, withoutSecret(name, row[name])]));
  return [{ kind: table, id: splitKey(key).join(' '), before: shown(was), after: shown(is) }];
}

/** Whatever is kept sealed is a secret: that there is one, or another one, is all that is told. */
function withoutSecret(name: string, value: unknown): unknown {
  if (name.startsWith('sealed')) return value == null ? null : '(secret)';
  const text = JSON.stringify(value ?? null);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : (value ?? null);
}

/** As many as there is room for; of one call there may be thousands. */
function fitting(changes: readonly AuditedChange[]): readonly AuditedChange[] {
  let bytes = 0;
  const end = changes.findIndex(
    (change) => (bytes += Buffer.byteLength(JSON.stringify(change))) > auditBounds.changesBytes,
  );
  return end < 0 ? changes : changes.slice(0, end);
}
