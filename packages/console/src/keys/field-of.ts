import { NoPolicy } from './policy.ts';

/** Which of the fields a refusal is about: its message names it. Undefined: none, or nothing is wrong. */
export function fieldOf(problem: unknown, fields: readonly string[]): string | undefined {
  if (problem instanceof NoPolicy) return fields.find((field) => field === 'Policy');
  if (!(problem instanceof Error)) return undefined;
  const named = [...problem.message.matchAll(/`(\w+)/g)].map(([, name]) => name);
  return fields.find((field) => named.includes(field));
}
