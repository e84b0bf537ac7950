import { readNumber, type HostFiles } from './host-files.ts';

/** A gateway as it is known. */
export interface KnownGateway {
  /** Where its daemons leave their process ids. */
  readonly runDirectory: string;
  readonly tunnels: number;
}

export interface RunningGateway extends KnownGateway {
  readonly charon: number;
  /** Null on the data plane of the kernel. */
  readonly uxfrm: number | null;
}

/** Those whose daemons run, whoever started them: what they take is in what is used. One after the other: others read files as well. */
export async function findRunning(files: HostFiles, gateways: readonly KnownGateway[]): Promise<RunningGateway[]> {
  const running: RunningGateway[] = [];
  for (const gateway of gateways) {
    const charon = await findProcess(files, gateway, 'charon');
    if (charon !== null) running.push({ ...gateway, charon, uxfrm: await findProcess(files, gateway, 'uxfrm') });
  }
  return running;
}

/** A process id that somebody else has by now is none. */
async function findProcess(files: HostFiles, { runDirectory }: KnownGateway, name: string): Promise<number | null> {
  const pid = await readNumber(files, `${runDirectory}/${name}.pid`);
  if (pid === null) return null;
  return (await files.text(`/proc/${pid}/comm`))?.trim() === name ? pid : null;
}
