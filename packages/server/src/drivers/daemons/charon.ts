import { connectCharon, type Charon } from '@landbridge/vici';
import { existsSync } from 'node:fs';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import type { Binaries } from '../binaries.ts';
import { nobody } from '../confine.ts';
import type { GatewayPaths } from '../gateway-paths.ts';
import { rotateLog } from '../log-file.ts';
import { renderStrongswanConf } from '../strongswan-conf.ts';
import type { DaemonConnection, DaemonKind } from './kept-daemon.ts';

export interface CharonConnection extends DaemonConnection {
  readonly charon: Charon;
  /** Of strongSwan: `5.9.8`. */
  readonly charonVersion: string;
}

export interface CharonOptions {
  readonly netns: string;
  readonly paths: GatewayPaths;
  readonly dataPlane: 'kernel' | 'uxfrm';
  readonly binaries: Pick<Binaries, 'charon' | 'uxfrmShim'>;
  /** While none runs, before the next one is started. */
  readonly beforeStart: () => Promise<void>;
}

/**
 * charon of one gateway, in a place of its own. One that is replaced is not told to end: it would tell its peers and take its SAs
 * along, which carry packets until the next one has its own.
 */
export function charonOf({
  netns,
  paths,
  dataPlane,
  binaries,
  beforeStart,
}: CharonOptions): DaemonKind<CharonConnection> {
  return {
    spec: {
      name: 'charon',
      netns,
      runDirectory: paths.runDirectory,
      argv: [binaries.charon],
      // Of the times in its log.
      env: { TZ: 'UTC0' },
      confinement: {
        // It gives up the second one by itself once it has port 500.
        capabilities: ['net_admin', 'net_bind_service'],
        sharedDirectory: paths.charonDirectory,
        strongswanConf: paths.strongswanConf,
        preload: dataPlane === 'uxfrm' ? binaries.uxfrmShim : null,
      },
    },
    // A charon of a former version has its socket elsewhere.
    isReachable: () => existsSync(paths.charonDirectory),
    prepare: async () => {
      await beforeStart();
      await rm(paths.charonDirectory, { recursive: true, force: true });
      await mkdir(paths.charonDirectory, { mode: 0o755 });
      await rotateLog(paths.charonLog);
      await writeFile(paths.strongswanConf, renderStrongswanConf(paths), { mode: 0o600 });
    },
    connect: (signal) => connect(paths.viciSocket, signal),
    // Its socket stands. A charon that was taken over, root without root's power over files, can put no other in its place.
    settle: () => chown(paths.charonDirectory, nobody, nobody),
  };
}

async function connect(viciSocket: string, signal: AbortSignal): Promise<CharonConnection> {
  const charon = await connectCharon(viciSocket, { signal });
  try {
    const { version: charonVersion } = await charon.version({ signal });
    return { charon, charonVersion, closed: charon.closed, close: () => charon.close() };
  } catch (error) {
    charon.close();
    throw error;
  }
}
