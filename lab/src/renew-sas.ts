import { ViciCommandError, type Charon } from '@landbridge/vici';

/** Begins to renew every established IKE_SA of a charon, or each of their installed CHILD_SAs. */
export async function renewSas(charon: Charon, what: 'ike' | 'child'): Promise<void> {
  for (const { uniqueId, state, childSas } of await charon.listSas()) {
    if (state !== 'ESTABLISHED') continue;
    const installed = childSas.filter((child) => child.state === 'INSTALLED');
    const selectors = what === 'ike' ? [{ ikeId: uniqueId }] : installed.map((child) => ({ childId: child.uniqueId }));
    for (const selector of selectors) await charon.rekey(selector).catch(ignoreGone);
  }
}

/** The other end renewed it meanwhile. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ViciCommandError)) throw error;
}
