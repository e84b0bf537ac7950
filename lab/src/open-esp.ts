import { createDecipheriv } from 'node:crypto';

/** Opens ESP with the keys of its SA, as Wireshark does: AES-GCM (RFC 4106) alone. */

export interface EspSa {
  readonly spi: number;
  /** With the salt at its end. */
  readonly key: Buffer;
}

/** A line of Wireshark's table of SAs, each. */
export function parseEspSaTable(table: string): EspSa[] {
  return table
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, , , spi = '', encryption = '', key = ''] = JSON.parse(`[${line}]`) as string[];
      if (encryption !== 'AES-GCM with 16 octet ICV [RFC4106]') throw new Error(`${encryption} is not opened here`);
      return { spi: Number(spi), key: Buffer.from(key.slice(2), 'hex') };
    });
}

/** ESP in what `tcpdump -x` prints, out of its UDP where it is in one; IKE is left out. */
export function espPacketsOf(text: string): Buffer[] {
  const packets = text.split(/\n(?=\S)/).map((packet) => {
    const digits = [...packet.matchAll(/^\s+0x[0-9a-f]+:\s+(.*)$/gm)].map(([, words = '']) =>
      words.replaceAll(' ', ''),
    );
    return Buffer.from(digits.join(''), 'hex');
  });
  return packets.flatMap((packet) => {
    const header = ((packet[0] ?? 0) & 15) * 4;
    const payload = packet.subarray(header);
    if (packet[9] === 50) return [payload];
    const datagram = payload.subarray(8);
    return packet[9] === 17 && datagram.length > 8 && datagram.readUInt32BE() !== 0 ? [datagram] : [];
  });
}

const [ivBytes, saltBytes, icvBytes, headerBytes] = [8, 4, 16, 8];

/** The packet inside; null where no SA has that SPI, or it is not authentic. */
export function openEsp(packet: Buffer, sas: readonly EspSa[]): Buffer | null {
  const sa = sas.find(({ spi }) => spi === packet.readUInt32BE());
  if (sa === undefined) return null;
  // With extended sequence numbers (RFC 4304) their upper half is authenticated as well; here none has got so far.
  const header = packet.subarray(0, headerBytes);
  const extended = Buffer.concat([header.subarray(0, 4), Buffer.alloc(4), header.subarray(4)]);
  return tryOpen(packet, sa.key, header) ?? tryOpen(packet, sa.key, extended);
}

function tryOpen(packet: Buffer, key: Buffer, authenticated: Buffer): Buffer | null {
  const cipherKey = key.subarray(0, key.length - saltBytes);
  const bits = cipherKey.length * 8;
  if (bits !== 128 && bits !== 192 && bits !== 256) throw new Error(`no key of AES has ${bits} bits`);
  const iv = packet.subarray(headerBytes, headerBytes + ivBytes);
  const nonce = Buffer.concat([key.subarray(key.length - saltBytes), iv]);
  const decipher = createDecipheriv(`aes-${bits}-gcm`, cipherKey, nonce).setAAD(authenticated);
  decipher.setAuthTag(packet.subarray(packet.length - icvBytes));
  try {
    const sealed = packet.subarray(headerBytes + ivBytes, packet.length - icvBytes);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    return null;
  }
}

export function addressAt(packet: Buffer, offset: number): string {
  return packet.subarray(offset, offset + 4).join('.');
}
