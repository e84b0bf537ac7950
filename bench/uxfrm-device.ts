import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { binaries } from '@landbridge/server/binaries';
import { UxfrmControl, type UxfrmTun } from '@landbridge/server/uxfrm-control';
import { Charon } from '../lab/src/charon.ts';
import { Daemon } from '../lab/src/daemon.ts';
import type { Lab } from '../lab/src/lab.ts';
import { poll } from '@landbridge/testbed/poll';
import { benchMtu } from './path-under-test.ts';
import type { Device } from './site-to-site.ts';

/** Number n, from 1: `ipsec0` is the first. */
export function tunOf(n: number): UxfrmTun {
  return { name: `ipsec${n - 1}`, ifId: n, mtu: benchMtu };
}

/** `uxfrm` under an unmodified charon at site n of the lab, with TUN devices: the data plane without the service around it. */
export async function createUxfrmDevice(lab: Lab, n: number, tunCount = 1): Promise<Device> {
  const tuns = Array.from({ length: tunCount }, (_, index) => tunOf(index + 1));
  const site = await lab.createSite(n);
  const { namespace } = site;
  const directory = join(lab.directory, namespace.name);
  await mkdir(directory);
  const uxfrm = new Daemon(`uxfrm of ${namespace.name}`, join(directory, 'uxfrm.log'));
  const socket = join(directory, 'uxfrm.sock');
  await uxfrm.start(namespace.enter([binaries.uxfrm, '--control', socket]));
  await poll(`uxfrm of ${namespace.name} has its devices`, () => addTuns(socket, tuns), Boolean, { within: 15_000 });
  await namespace.ip(...tuns.map(({ name }) => `link set ${name} up`));
  const charon = new Charon(namespace, directory, 'kernel', {
    environment: { LD_PRELOAD: binaries.uxfrmShim },
  });
  await charon.start();
  lab.onStop(async () => {
    // With a thousand peers to tell it takes longer than others.
    await charon.stop(60_000);
    await uxfrm.end('SIGTERM');
  });
  return Object.assign(site, { charon, ifId: tunOf(1).ifId });
}

/** False while nobody listens there yet. */
async function addTuns(socket: string, tuns: readonly UxfrmTun[]): Promise<boolean> {
  const control = await UxfrmControl.connect(socket).catch(() => null);
  if (control === null) return false;
  for (const tun of tuns) await control.addTun(tun);
  control.close();
  return true;
}
