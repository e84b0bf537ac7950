import { fileURLToPath } from 'node:url';
import { ipv4Packet, outboundKeysInLog, sealEsp, type UdpPacket } from './forged-esp.ts';
import type { IdcConnection } from './idc-connection.ts';
import { readListedSas } from './listed-sas.ts';

const forgerPort = 4599;

type HostileEnd = Pick<IdcConnection, 'idc' | 'peer'>;

/**
 * Sends packets into an established tunnel past every check of the IDC's own device: what a hostile or broken peer could do. The
 * packets are sealed with the tunnel's real keys, so that only the gateway's policy can stop them. Needs AES-256-GCM. Uses up
 * sequence numbers: the device's next packets are replays until it has passed them.
 */
export async function sendForged(tunnel: HostileEnd, packets: readonly UdpPacket[]): Promise<void> {
  await sendSealed(tunnel, await sealForged(tunnel, packets));
}

/** What an established tunnel would take now, once each. */
export async function sealForged({ idc }: HostileEnd, packets: readonly UdpPacket[]): Promise<readonly Buffer[]> {
  const keys = outboundKeysInLog(await idc.charon.log());
  const childSas = readListedSas(await idc.charon.listSas()).flatMap((ikeSa) => ikeSa.childSas);
  // After a rekeying the one before stands beside it for some seconds.
  const newest = childSas.find(({ out }) => parseInt(out.spi, 16) === keys.spi);
  if (newest === undefined) throw new Error(`the SA of the newest keys is not there: ${JSON.stringify(childSas)}`);
  const sent = newest.out.packets;
  return packets.map((packet, index) => sealEsp(keys, sent + 1 + index, ipv4Packet(packet)));
}

export async function sendSealed({ idc, peer }: HostileEnd, sealed: readonly Buffer[]): Promise<void> {
  // charon holds port 4500, and the peer expects ESP from there: the source port is changed on the way out.
  await idc.namespace.runChecked(['nft', '-f', '-'], { input: sourcePortRewrite });
  const script = fileURLToPath(new URL('datagram-sender.ts', import.meta.url));
  const argv = [process.execPath, script, peer.remoteAddress, '4500', String(forgerPort)];
  await idc.namespace.runChecked(argv, { input: sealed.map((bytes) => bytes.toString('hex')).join('\n') });
}

const sourcePortRewrite = `table ip forger
delete table ip forger
table ip forger {
  chain output {
    type filter hook output priority mangle; policy accept;
    udp sport ${forgerPort} udp sport set 4500
  }
}
`;
