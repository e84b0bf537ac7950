import { join } from 'node:path';

/** Files of one gateway's daemons. */
export interface GatewayPaths {
  readonly runDirectory: string;
  readonly strongswanConf: string;
  /** All that charon may write to: nothing there is trusted. */
  readonly charonDirectory: string;
  readonly viciSocket: string;
  readonly uxfrmSocket: string;
  readonly charonLog: string;
  readonly uxfrmLog: string;
  /** SAs that a charon which died left in the kernel. */
  readonly leftoverSas: string;
}

/** sun_path of unix(7), without the closing zero. */
const longestSocketPath = 107;

export function runFolder(dataDir: string): string {
  return join(dataDir, 'run');
}

/** Throws when daemons could not work with files there. */
export function gatewayPaths(dataDir: string, gatewayId: string): GatewayPaths {
  const runDirectory = join(runFolder(dataDir), gatewayId);
  const charonDirectory = join(runDirectory, 'ike');
  const paths = {
    runDirectory,
    strongswanConf: join(runDirectory, 'strongswan.conf'),
    charonDirectory,
    viciSocket: join(charonDirectory, 'vici'),
    uxfrmSocket: join(runDirectory, 'uxfrm.sock'),
    charonLog: join(runDirectory, 'charon.log'),
    uxfrmLog: join(runDirectory, 'uxfrm.log'),
    leftoverSas: join(runDirectory, 'leftover-sas.json'),
  };
  if (!runDirectory.startsWith('/') || /[\s#{}"=]/.test(runDirectory)) {
    throw new Error(`the data directory must be an absolute path without blanks or any of # { } " =: ${dataDir}`);
  }
  const taken = ['/run', '/var/run', '/usr', '/bin', '/sbin', '/lib', '/dev', '/proc'].find((folder) =>
    runDirectory.startsWith(`${folder}/`),
  );
  if (taken !== undefined) {
    throw new Error(`the data directory must not lie under ${taken} (charon has another one, or sees it): ${dataDir}`);
  }
  const longest = Math.max(Buffer.byteLength(paths.viciSocket), Buffer.byteLength(paths.uxfrmSocket));
  if (longest > longestSocketPath) {
    const excess = longest - longestSocketPath;
    throw new Error(`the data directory's path is ${excess} bytes too long for unix sockets below it: ${dataDir}`);
  }
  return paths;
}
