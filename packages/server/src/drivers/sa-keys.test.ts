import { expect, it } from 'vitest';
import { parseSaKeys } from './sa-keys.ts';

/** As iproute2 6.1 prints them. */
const listed = `src 203.0.113.17 dst 198.51.100.1
\tproto esp spi 0xc5e2c4b5 reqid 1 mode tunnel
\treplay-window 0 flag af-unspec esn
\taead rfc4106(gcm(aes)) 0x00112233445566778899aabbccddeeff00112233 128
\tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0
\tanti-replay esn context:
\t seq-hi 0x0, seq 0x0, oseq-hi 0x0, oseq 0x2
\t replay_window 32, bitmap-length 1
\t 00000000
\tif_id 0x1a
src 198.51.100.1 dst 203.0.113.17
\tproto esp spi 0x0e2c4b50 reqid 2 mode tunnel
\treplay-window 32 flag af-unspec
\tauth-trunc hmac(sha256) 0xaabb 128
\tenc cbc(aes) 0xccdd
\tanti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000
\tif_id 0x2
src 198.51.100.9 dst 203.0.113.17
\tproto esp spi 0xc0000009 reqid 0 mode tunnel
\treplay-window 0
\tsel src 198.51.100.9/32 dst 203.0.113.17/32
`;

it('keys are read of SAs that are complete', () => {
  expect(parseSaKeys(listed)).toEqual([
    {
      ...{ source: '203.0.113.17', destination: '198.51.100.1', spi: 'c5e2c4b5', ifId: 26 },
      aead: { name: 'rfc4106(gcm(aes))', key: '00112233445566778899aabbccddeeff00112233', icvBits: 128 },
      ...{ cipher: null, integrity: null },
    },
    {
      ...{ source: '198.51.100.1', destination: '203.0.113.17', spi: '0e2c4b50', ifId: 2, aead: null },
      cipher: { name: 'cbc(aes)', key: 'ccdd', icvBits: 0 },
      integrity: { name: 'hmac(sha256)', key: 'aabb', icvBits: 128 },
    },
  ]);
});
