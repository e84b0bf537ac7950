import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { binaries } from '@landbridge/server/binaries';
import { UxfrmControl, type UxfrmTun } from '@landbridge/server/uxfrm-control';
import type { Namespace } from './namespace.ts';
import { poll } from './poll.ts';

/** What ends a daemon; resolves when it is gone. */
export type StopDaemon = () => Promise<void>;

/**
 * Starts `uxfrm` for a charon that the lab configures itself: the data plane without the service around it.
 * @param directory where its control socket is.
 */
export async function startUxfrm(namespace: Namespace, directory: string, tun: UxfrmTun): Promise<StopDaemon> {
  const socket = join(directory, 'uxfrm.sock');
  await mkdir(directory, { recursive: true });
  await rm(socket, { force: true });
  const [file = '', ...parameters] = namespace.enter([binaries.uxfrm, '--control', socket]);
  const child = spawn(file, parameters, { stdio: 'ignore', detached: true });
  child.unref();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
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
