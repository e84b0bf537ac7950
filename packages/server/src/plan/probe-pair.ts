import type { ProbePlan } from './plan.ts';

/** The two addresses of a health check: another pair is another check. */
export function probePair({ localAddress, remoteAddress }: ProbePlan): string {
  return `${localAddress} ${remoteAddress}`;
}
