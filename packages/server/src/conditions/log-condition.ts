import type { Condition } from '../domain/operator/condition.ts';

/** Levels that somebody changed while it runs are easily forgotten. */
export function logCondition(name: string, { difference }: { readonly difference: string }): Condition {
  const message = `${difference}, until this process ends or \`landbridge log-levels --as-configured\``;
  return { name, ok: difference === '', message: difference === '' ? '' : message };
}
