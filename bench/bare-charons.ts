import type { Lab } from '../lab/src/lab.ts';
import { connectionsTo, expectEnd, peerNetwork, type ManyPeers } from './many-peers.ts';
import { createUxfrmDevice } from './uxfrm-device.ts';

/**
 * What two charons need for these tunnels with nothing of the service around them: seconds from the loading of the connections,
 * which begin at once, until the peers have the last SA. The end that began is gone afterwards.
 */
export async function measureBareCharons(lab: Lab, many: ManyPeers, count: number): Promise<number> {
  const peers = many.peers.slice(0, count);
  const device = await createUxfrmDevice(lab, 2);
  await device.namespace.ip(`route add ${peerNetwork} via ${many.device.publicAddress} dev wan`);
  await expectEnd(many, device.publicAddress);
  many.log.forget();
  const started = performance.now();
  const lastAt = many.log.waitFor(
    'established',
    peers.map(({ name }) => name),
    180_000,
  );
  await device.charon.load(connectionsTo(peers, device.publicAddress));
  const seconds = ((await lastAt) - started) / 1000;
  await device.charon.stop();
  return seconds;
}
