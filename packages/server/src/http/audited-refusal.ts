import { errorRegistry } from '@landbridge/catalogue/errors/error-registry';
import type { CallFacts } from '../api/protocol/call-runner.ts';
import { auditBounds } from '../domain/operator/audit-event.ts';
import type { RefusedCall } from '../services/operator/refused-calls.ts';

const dryRunCode = errorRegistry['dry-run'].code;
const deniedCode = errorRegistry['access-denied'].code;

export interface Refused {
  readonly facts: CallFacts;
  readonly code: string;
  readonly requestId: string;
  readonly remoteAddress: string;
  readonly at: number;
}

/**
 * What the audit log shall hear: refused calls that would have changed something, that the caller may not make, or that were signed
 * with a wrong key.
 */
export function auditedRefusal({ facts, ...refused }: Refused): RefusedCall | null {
  if (!isToBeAudited(facts, refused.code)) return null;
  const { service = '', action = '', accountId = '', secretId = '', region = '', resources = [] } = facts;
  const named = resources.slice(0, auditBounds.resources);
  return { ...refused, service, action, accountId, secretId, region, resources: named };
}

function isToBeAudited({ effect, accountId, secretId }: CallFacts, code: string): boolean {
  if (code === '' || code === dryRunCode) return false;
  const isUnproven = accountId === undefined && secretId !== undefined;
  return code === deniedCode || isUnproven || (effect === 'changes' && accountId !== undefined);
}
