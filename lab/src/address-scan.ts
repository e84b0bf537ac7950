import { fileURLToPath } from 'node:url';
import type { Host } from './host.ts';

export interface ScanOptions {
  readonly from: Pick<Host, 'namespace'>;
  readonly firstAddress: string;
  readonly addresses: number;
  readonly packetsPerSecond: number;
  readonly seconds: number;
}

/** Somebody who looks for hosts: a datagram to each address of a range in turn, as fast as told. Returns how many were sent. */
export async function scanAddresses(options: ScanOptions): Promise<number> {
  const { from, firstAddress, addresses, packetsPerSecond, seconds } = options;
  const program = fileURLToPath(new URL('scan-sender.ts', import.meta.url));
  const words = [addresses, packetsPerSecond, seconds].map(String);
  return Number(await from.namespace.runChecked([process.execPath, program, firstAddress, ...words]));
}
