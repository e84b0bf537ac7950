import { mostBytes } from './bounds.ts';
import { readCiscoIos } from './cisco-ios/read-cisco-ios.ts';
import { readFortigate } from './fortigate/read-fortigate.ts';
import type { Dialect, PeerFile } from './found-tunnel.ts';
import { readLibreswan } from './ipsec-conf/read-libreswan.ts';
import { readStrongswanConf } from './ipsec-conf/read-strongswan-conf.ts';
import { PeerFileError } from './peer-file-error.ts';
import { readRouterOs } from './routeros/read-routeros.ts';
import { readSwanctl } from './swanctl/read-swanctl.ts';
import { readVyos } from './vyos/read-vyos.ts';
import { withoutScripts } from './without-scripts.ts';

const readers: Readonly<Record<Dialect, (text: string, deviceAddress: string | null) => PeerFile>> = {
  swanctl: readSwanctl,
  'strongswan-ipsec-conf': readStrongswanConf,
  libreswan: readLibreswan,
  vyos: readVyos,
  'cisco-ios': readCiscoIos,
  fortigate: readFortigate,
  routeros: readRouterOs,
};

export const dialects = Object.keys(readers) as readonly Dialect[];

/**
 * Reads a device's configuration. Throws PeerFileError, which names the line.
 * @param deviceAddress the device's public address, by which some dialects tell which end they are.
 */
export function readPeerFile(text: string, dialect: Dialect, deviceAddress: string | null): PeerFile {
  if (Buffer.byteLength(text) > mostBytes)
    throw new PeerFileError(1, `there are more than ${mostBytes} bytes: cut out what concerns the tunnel`);
  return readers[dialect](withoutScripts(text), deviceAddress);
}
