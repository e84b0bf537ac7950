import type { Charon } from '../lab/src/charon.ts';
import type { IdcSite } from '../lab/src/idc-site.ts';
import { waitForReply } from '../lab/src/reach.ts';
import type { PeerConnection } from '../lab/src/swanctl-configuration.ts';
import { handMadeConnection } from './hand-made-connection.ts';
import { setBenchMtu, type PathUnderTest } from './path-under-test.ts';

/** A site with a charon whose tunnel is the device `ipsec0`. */
export type Device = IdcSite & {
  readonly charon: Charon;
  /** Absent with strongSwan's own ESP, which knows none. */
  readonly ifId?: number;
};

/**
 * Two devices, configured by hand, AES-256-GCM: what an administrator gets with strongSwan's own user-space ESP, or the same
 * with `uxfrm` in its place, so that data planes are compared with nothing else between the hosts.
 */
export async function connectSites(name: PathUnderTest['name'], one: Device, two: Device): Promise<PathUnderTest> {
  await one.charon.load([siteToSite(one, two)]);
  await two.charon.load([siteToSite(two, one)]);
  await one.routeIntoTunnel(two.lan);
  await two.routeIntoTunnel(one.lan);
  if (!(await one.charon.initiate('site'))) throw new Error(`the hand-made tunnel of ${name} did not come up`);
  await setBenchMtu(one.host, two.host);
  await waitForReply(one.host, two.host);
  return { name, from: one.host, to: two.host };
}

function siteToSite(local: Device, remote: Device): PeerConnection {
  const everything = '0.0.0.0/0';
  const connection = handMadeConnection(local, remote, { name: 'site', localTs: everything, remoteTs: everything });
  return local.ifId === undefined ? connection : { ...connection, ifId: local.ifId };
}
