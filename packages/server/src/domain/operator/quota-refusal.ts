import { refuse, type Words } from '../refusal.ts';
import { quotaWords } from './quota-words.ts';
import type { Quotas } from './quotas.ts';

/** @param owner the id, or the words, of what has too many. */
export function refuseQuota(quotas: Quotas, quota: keyof Quotas, owner: string | Words): never {
  const named = typeof owner === 'string' ? { en: `\`${owner}\``, zh: ` \`${owner}\` ` } : owner;
  return refuse('quota-reached', { ...quotaWords[quota], owner: named, limit: quotas[quota] });
}
