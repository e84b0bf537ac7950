import { say } from '../words/said.ts';
import type { Use } from './use-of.ts';

/** Whether a route is used, or why not, in words. @param nameOf what routes lead to. */
export function sayUse(use: Use, nameOf: (id: string) => string): string {
  if (use.is === 'used') return say('routes.used');
  if (use.is === 'unknown') return say('routes.unknown', { why: say(`routes.doubt.${use.why}`) });
  return say('routes.unused', { why: whyNot(use.why, nameOf) });
}

function whyNot(why: Extract<Use, { is: 'unused' }>['why'], nameOf: (id: string) => string): string {
  if (why.kind === 'refused') return why.reason;
  if (why.kind === 'longer') return say('routes.not.longer', { by: why.by });
  if (why.kind === 'priority') return say('routes.not.priority', { by: nameOf(why.by.hop) });
  return say(`routes.not.${why.kind}`);
}
