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

const tun: UxfrmTun = { name: 'ipsec0', ifId: 1, mtu: benchMtu };

/** `uxfrm` under an unmodified charon at site n of the lab, with one TUN device: the data plane without the service around it. */
export async function createUxfrmDevice(lab: Lab, n: number): Promise<Device> {
  const site = await lab.createSite(n);
  const { namespace } = site;
  const directory = join(lab.directory, namespace.name);
  await mkdir(directory);
  const uxfrm = new Daemon(`uxfrm of ${namespace.name}`, join(directory, 'uxfrm.log'));
  const socket = join(directory, 'uxfrm.sock');
  await uxfrm.start(namespace.enter([binaries.uxfrm, '--control', socket]));
  await poll(`uxfrm of ${namespace.name} has its device`, () => addTun(socket), Boolean, { within: 15_000 });
  await namespace.ip(`link set ${tun.name} up`);
  const charon = new Charon(namespace, directory, 'kernel', { LD_PRELOAD: binaries.uxfrmShim });
  await charon.start();
  lab.onStop(async () => {
    await charon.stop();
    await uxfrm.end('SIGTERM');
  });
  return Object.assign(site, { charon, ifId: tun.ifId });
}

/** False while nobody listens there yet. */
async function addTun(socket: string): Promise<boolean> {
  const control = await UxfrmControl.connect(socket).catch(() => null);
  if (control === null) return false;
  await control.addTun(tun);
  control.close();
  return true;
}
