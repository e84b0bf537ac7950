import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ipv4Packet, outboundKeysInLog, sealEsp } from './forged-esp.ts';

const log = `16[ENC] parsed IKE_AUTH request 1 [ IDi N(INIT_CONTACT) AUTH SA TSi TSr N(EAP_ONLY) ]
16[CHD] encryption initiator key => 36 bytes @ 0x7f2e2400c620
16[CHD]    0: BE AC 07 87 5E 7C ED A5 B8 41 67 21 BF 96 46 BF  ....^|...Ag!..F.
16[CHD]   16: F9 A3 D0 54 B5 96 9F EC 9F B4 E5 73 32 29 68 6D  ...T.......s2)hm
16[CHD]   32: 8E 75 88 92                                      .u..
16[CHD] encryption responder key => 36 bytes @ 0x7f2e2400c650
16[CHD]    0: FA 55 56 0B 7B D3 32 1D 5C FB F0 AA CA B7 9B 31  .UV.{.2.\\......1
16[CHD]   16: A3 1C 52 C5 43 8F 5F 25 FA 6F BF AC 3A 72 0F C0  ..R.C._%.o..:r..
16[CHD]   32: 39 15 B4 D2                                      9...
16[CHD] adding inbound ESP SA
16[CHD]   SPI 0x5389f227, src 203.0.113.11 dst 203.0.113.12
16[CHD] adding outbound ESP SA
16[CHD]   SPI 0xc50306de, src 203.0.113.12 dst 203.0.113.11
`;

describe('outboundKeysInLog', () => {
  it('takes the key of the own role and the SPI of the outbound SA', () => {
    const { spi, keyAndSalt } = outboundKeysInLog(log);
    expect(spi).toBe(0xc50306de);
    expect(keyAndSalt.toString('hex')).toMatch(/^fa55560b.*3915b4d2$/);
    expect(keyAndSalt).toHaveLength(36);
  });

  it.each([
    'generating CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No KE TSi TSr ]',
    'generating CREATE_CHILD_SA request 0 [ SA No TSi TSr ]',
    'generating QUICK_MODE request 3041264119 [ HASH SA No KE ID ID ]',
  ])('takes the key of who began the newest CHILD_SA: %s', (request) => {
    const renewed = `${log}10[ENC] ${request}\n${log.slice(log.indexOf('\n') + 1).replace('0xc50306de', '0xc50306df')}`;
    const ike = '10[ENC] parsed CREATE_CHILD_SA request 7 [ SA No KE ]\n10[ENC] parsed INFORMATIONAL request 8 [ D ]\n';
    const { spi, keyAndSalt } = outboundKeysInLog(renewed + ike);
    expect(spi).toBe(0xc50306df);
    expect(keyAndSalt.toString('hex')).toMatch(/^beac0787.*8e758892$/);
  });

  it('rejects a log without keys', () => {
    expect(() => outboundKeysInLog('16[IKE] nothing')).toThrow('no keys');
  });
});

describe('sealEsp', () => {
  it('makes a packet that the key opens, with padding and next header at its end', () => {
    const keys = outboundKeysInLog(log);
    const inner = ipv4Packet({ source: '192.168.1.10', destination: '10.0.1.10', port: 7000, text: 'forged!' });
    const packet = sealEsp(keys, 9, inner);
    const nonce = Buffer.concat([keys.keyAndSalt.subarray(32), packet.subarray(8, 16)]);
    const decipher = createDecipheriv('aes-256-gcm', keys.keyAndSalt.subarray(0, 32), nonce);
    decipher.setAAD(packet.subarray(0, 8)).setAuthTag(packet.subarray(-16));
    const plain = Buffer.concat([decipher.update(packet.subarray(16, -16)), decipher.final()]);
    expect(packet.readUInt32BE(4)).toBe(9);
    expect(plain.subarray(0, inner.length).equals(inner)).toBe(true);
    expect(plain.length % 4).toBe(0);
    expect([...plain.subarray(inner.length)]).toEqual([1, 2, 3, 3, 4]);
  });
});

describe('ipv4Packet', () => {
  it('has a header whose checksum adds up', () => {
    const header = ipv4Packet({ source: '192.168.1.10', destination: '10.0.1.10', port: 7000, text: '' }).subarray(
      0,
      20,
    );
    let sum = 0;
    for (let offset = 0; offset < 20; offset += 2) sum += header.readUInt16BE(offset);
    expect((sum & 0xffff) + (sum >>> 16)).toBe(0xffff);
  });
});
