import type { IdcDevice } from '../lab/src/idc-device.ts';
import type { Lab } from '../lab/src/lab.ts';
import { strongNegotiation } from '../lab/src/negotiation.ts';
import { waitForReply } from '../lab/src/reach.ts';
import type { PeerConnection } from '../lab/src/swanctl-configuration.ts';
import { setBenchMtu, type PathUnderTest } from './path-under-test.ts';

export interface SiteToSite {
  readonly path: PathUnderTest;
  readonly devices: readonly [IdcDevice, IdcDevice];
}

/** What each name encrypts with. */
const ways = { 'kernel-libipsec': 'libipsec', uxfrm: 'uxfrm' } as const;

/**
 * Two devices, configured by hand, AES-256-GCM: what an administrator gets with strongSwan's own user-space ESP, and the same
 * with `uxfrm` in its place, so that data planes are compared with nothing else between the hosts.
 * @param numbers of the two sites in the lab.
 */
export async function createSiteToSite(
  lab: Lab,
  name: keyof typeof ways,
  numbers: readonly [number, number],
): Promise<SiteToSite> {
  const esp = ways[name];
  const create = (n: number): Promise<IdcDevice> => lab.createIdc(n, { esp });
  const [one, two] = [await create(numbers[0]), await create(numbers[1])];
  const ifId = esp === 'uxfrm' ? { ifId: 1 } : {};
  await one.charon.load([{ ...siteToSite(one, two), ...ifId }]);
  await two.charon.load([{ ...siteToSite(two, one), ...ifId }]);
  await one.routeIntoTunnel(two.lan);
  await two.routeIntoTunnel(one.lan);
  if (!(await one.charon.initiate('site'))) throw new Error(`the hand-made tunnel of ${name} did not come up`);
  await setBenchMtu(one.host, two.host);
  await waitForReply(one.host, two.host);
  return { path: { name, from: one.host, to: two.host }, devices: [one, two] };
}

function siteToSite(local: IdcDevice, remote: IdcDevice): PeerConnection {
  return {
    name: 'site-to-site',
    localAddress: local.publicAddress,
    remoteAddress: remote.publicAddress,
    preSharedKey: 'bench',
    version: 2,
    ikeProposals: strongNegotiation.ikeProposals,
    espProposals: strongNegotiation.espProposals,
    children: [{ name: 'site', localTs: '0.0.0.0/0', remoteTs: '0.0.0.0/0' }],
  };
}
