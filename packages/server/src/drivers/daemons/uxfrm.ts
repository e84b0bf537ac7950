import { rm } from 'node:fs/promises';
import type { Binaries } from '../binaries.ts';
import type { GatewayPaths } from '../gateway-paths.ts';
import { rotateLog } from '../log-file.ts';
import type { DaemonKind } from './kept-daemon.ts';
import { UxfrmControl } from './uxfrm-control.ts';

export interface UxfrmOptions {
  readonly netns: string;
  readonly paths: GatewayPaths;
  readonly binaries: Pick<Binaries, 'uxfrm'>;
  readonly pathMtu: number;
}

/** uxfrm of one gateway, which carries the packets where the kernel does not. */
export function uxfrmOf({ netns, paths, binaries, pathMtu }: UxfrmOptions): DaemonKind<UxfrmControl> {
  return {
    spec: {
      name: 'uxfrm',
      netns,
      runDirectory: paths.runDirectory,
      argv: [binaries.uxfrm, '--control', paths.uxfrmSocket, '--path-mtu', String(pathMtu)],
      env: {},
      confinement: null,
    },
    isReachable: () => true,
    prepare: async () => {
      await rm(paths.uxfrmSocket, { force: true });
      await rotateLog(paths.uxfrmLog);
    },
    connect: (signal) => connect(paths.uxfrmSocket, signal),
    settle: () => Promise.resolve(),
  };
}

async function connect(socket: string, signal: AbortSignal): Promise<UxfrmControl> {
  const control = await UxfrmControl.connect(socket, signal);
  try {
    await control.ping(signal);
    return control;
  } catch (error) {
    control.close();
    throw error;
  }
}
