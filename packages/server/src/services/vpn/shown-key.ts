import { seesSecrets } from '../../domain/operator/principal.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Caller } from '../caller.ts';

/** As it stands where a pre-shared key is not shown. */
const mask = '******';

/** A pre-shared key for a reply, where the caller may see it. */
export function shownKey({ principal }: Caller, open: () => string): string {
  return seesSecrets(principal) ? open() : mask;
}

/** Whoever sends back what was shown to him would put the mask in the place of the key. */
export function checkIsNoMask({ principal }: Caller, key: string | undefined): void {
  if (key === mask && !seesSecrets(principal)) refuse('pre-shared-key-masked', { mask });
}
