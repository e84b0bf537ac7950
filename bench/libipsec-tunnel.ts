import type { IdcDevice } from '../lab/src/idc-device.ts';
import type { Lab } from '../lab/src/lab.ts';
import { strongNegotiation } from '../lab/src/negotiation.ts';
import { waitForReply } from '../lab/src/reach.ts';
import type { PeerConnection } from '../lab/src/swanctl-configuration.ts';
import { setBenchMtu, type PathUnderTest } from './path-under-test.ts';

export interface LibipsecTunnel {
  readonly path: PathUnderTest;
  readonly devices: readonly [IdcDevice, IdcDevice];
}

/** What an administrator gets with strongSwan's own user-space ESP: two devices, configured by hand, AES-256-GCM. */
export async function createLibipsecTunnel(lab: Lab): Promise<LibipsecTunnel> {
  const [one, two] = await Promise.all([lab.createIdc(1), lab.createIdc(2)]);
  await one.charon.load([siteToSite(one, two)]);
  await two.charon.load([siteToSite(two, one)]);
  await one.routeIntoTunnel(two.lan);
  await two.routeIntoTunnel(one.lan);
  if (!(await one.charon.initiate('site'))) throw new Error('the hand-made tunnel did not come up');
  await setBenchMtu(one.host, two.host);
  await waitForReply(one.host, two.host);
  return { path: { name: 'kernel-libipsec', from: one.host, to: two.host }, devices: [one, two] };
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
