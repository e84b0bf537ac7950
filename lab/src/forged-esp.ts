import { createCipheriv } from 'node:crypto';

/** One direction of a CHILD_SA with AES-256-GCM and a 16 byte ICV (RFC 4106), as charon logs it at level 4. */
export interface EspKeys {
  readonly spi: number;
  /** 32 bytes of key, then 4 of salt. */
  readonly keyAndSalt: Buffer;
}

/** The keys with which this end sends, of the newest CHILD_SA in a log of charon at `chd = 4`. Throws when there is none. */
export function outboundKeysInLog(log: string): EspKeys {
  const role = roleOfNewestExchange(log);
  const spi = [...log.matchAll(/adding outbound ESP SA\n.*SPI 0x([0-9a-f]+)/g)].at(-1)?.[1];
  const dumps = [
    ...log.matchAll(new RegExp(`encryption ${role} key => 36 bytes.*\\n((?:.*\\[CHD\\] +\\d+: .*\\n){3})`, 'g')),
  ];
  const dump = dumps.at(-1)?.[1];
  if (spi === undefined || dump === undefined) throw new Error('charon has logged no keys of an outbound ESP SA');
  const bytes = [...dump.matchAll(/\[CHD\] +\d+: ((?:[0-9A-F]{2} )+)/g)].map((line) => line[1] ?? '').join('');
  return { spi: parseInt(spi, 16), keyAndSalt: Buffer.from(bytes.replaceAll(' ', ''), 'hex') };
}

/** Who began the newest exchange of a CHILD_SA, which need not be who began its IKE_SA (RFC 7296 section 2.17). */
function roleOfNewestExchange(log: string): 'initiator' | 'responder' {
  const ofChildSa = /(generating|parsed) \w+ request \d+ \[ (?:HASH SA |(?:[^\]]+ )?SA [^\]]*TSi )/g;
  return [...log.matchAll(ofChildSa)].at(-1)?.[1] === 'generating' ? 'initiator' : 'responder';
}

/** A whole ESP packet (RFC 4303) in tunnel mode around an IPv4 packet, as it goes into UDP port 4500. */
export function sealEsp({ spi, keyAndSalt }: EspKeys, sequence: number, inner: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(spi, 0);
  header.writeUInt32BE(sequence, 4);
  const iv = Buffer.alloc(8);
  iv.writeBigUInt64BE(BigInt(sequence));
  const padding = (4 - ((inner.length + 2) % 4)) % 4;
  const ipInIp = 4;
  const trailer = Buffer.from([...Array(padding).keys()].map((index) => index + 1).concat(padding, ipInIp));
  const cipher = createCipheriv(
    'aes-256-gcm',
    keyAndSalt.subarray(0, 32),
    Buffer.concat([keyAndSalt.subarray(32), iv]),
  );
  cipher.setAAD(header);
  const body = Buffer.concat([cipher.update(inner), cipher.update(trailer), cipher.final()]);
  return Buffer.concat([header, iv, body, cipher.getAuthTag()]);
}

export interface UdpPacket {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly text: string;
}

/** An IPv4 packet with a UDP datagram from and to the same port, without a UDP checksum. */
export function ipv4Packet({ source, destination, port, text }: UdpPacket): Buffer {
  const packet = Buffer.alloc(28 + text.length);
  packet.set([0x45, 0], 0);
  packet.writeUInt16BE(packet.length, 2);
  packet.set([64, 17], 8);
  packet.set(source.split('.').map(Number), 12);
  packet.set(destination.split('.').map(Number), 16);
  packet.writeUInt16BE(headerChecksum(packet.subarray(0, 20)), 10);
  packet.writeUInt16BE(port, 20);
  packet.writeUInt16BE(port, 22);
  packet.writeUInt16BE(8 + text.length, 24);
  packet.write(text, 28, 'latin1');
  return packet;
}

/** RFC 1071. */
function headerChecksum(header: Buffer): number {
  let sum = 0;
  for (let offset = 0; offset < header.length; offset += 2) sum += header.readUInt16BE(offset);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
