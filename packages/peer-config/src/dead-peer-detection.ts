import type { PeerDpd } from './peer-model.ts';

const tries = 3;

/** Devices count unanswered questions where the gateway counts seconds: three in the timeout. */
export function dpdSchedule({ timeoutSeconds }: PeerDpd): { readonly delaySeconds: number; readonly tries: number } {
  return { delaySeconds: Math.max(1, Math.floor(timeoutSeconds / tries)), tries };
}
