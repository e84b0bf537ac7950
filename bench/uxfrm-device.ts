import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { binaries } from '@landbridge/server/binaries';
import { UxfrmControl, type UxfrmTun } from '@landbridge/server/uxfrm-control';
import { Charon } from '../lab/src/charon.ts';
import type { Lab } from '../lab/src/lab.ts';
import type { Namespace } from '../lab/src/namespace.ts';
import { poll } from '../lab/src/poll.ts';
import { benchMtu } from './path-under-test.ts';
import type { Device } from './site-to-site.ts';

const tun: UxfrmTun = { name: 'ipsec0', ifId: 1, mtu: benchMtu };

/** `uxfrm` under an unmodified charon at site n of the lab, with one TUN device: the data plane without the service around it. */
export async function createUxfrmDevice(lab: Lab, n: number): Promise<Device> {
  const site = await lab.createSite(n);
  const directory = join(lab.directory, site.namespace.name);
  await mkdir(directory);
  const stopUxfrm = await startUxfrm(site.namespace, join(directory, 'uxfrm.sock'));
  const charon = new Charon(site.namespace, directory, 'kernel', { LD_PRELOAD: binaries.uxfrmShim });
  await charon.start();
  lab.onStop(async () => {
    await charon.stop();
    await stopUxfrm();
  });
  return Object.assign(site, { charon, ifId: tun.ifId });
}

async function startUxfrm(namespace: Namespace, socket: string): Promise<() => Promise<void>> {
  const [file = '', ...parameters] = namespace.enter([binaries.uxfrm, '--control', socket]);
  const child = spawn(file, parameters, { stdio: 'ignore', detached: true });
  const ended = once(child, 'exit');
  const connect = (): Promise<UxfrmControl | null> => UxfrmControl.connect(socket).catch(() => null);
  const isThere = (control: UxfrmControl | null): boolean => control !== null;
  const control = await poll(`uxfrm of ${namespace.name} answers`, connect, isThere, { within: 15_000 });
  await control?.addTun(tun);
  control?.close();
  await namespace.ip(`link set ${tun.name} up`);
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
