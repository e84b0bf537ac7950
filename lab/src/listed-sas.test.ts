import { expect, it } from 'vitest';
import { readListedSas } from './listed-sas.ts';

// As strongSwan 5.9.8 prints them.
const text = `cloud-1: #1, ESTABLISHED, IKEv2, 9a2f0f1d2c3b4a59_i* 1122334455667788_r
  local  '203.0.113.11' @ 203.0.113.11[4500]
  remote '203.0.113.128' @ 203.0.113.128[4500]
  AES_GCM_16-256/PRF_HMAC_SHA2_256/MODP_2048
  established 12s ago, rekeying in 13245s
  cloud-1: #1, reqid 1, REKEYED, TUNNEL-in-UDP, ESP:AES_GCM_16-256
    installed 12s ago
    in  c0ffee01 (0x00000001),   1028 bytes,     1 packets,     5s ago
    out badcab02,      0 bytes,     0 packets
    local  10.0.1.0/24
    remote 192.168.1.0/24 192.168.2.0/24
  cloud-1: #2, reqid 1, INSTALLED, TUNNEL, ESP:AES_GCM_16-256/MODP_2048
    installed 2s ago, rekeying in 3245s, expires in 3948s
    in  c0ffee03,     84 bytes,     2 packets
    out badcab04,     42 bytes,     1 packets
    local  10.0.1.0/24
    remote 192.168.1.0/24
cloud-2: #2, CONNECTING, IKEv1, 0000000000000001_i* 0000000000000000_r
  local  '%any' @ 203.0.113.11[500]
`;

it('reads IKE_SAs with their CHILD_SAs', () => {
  const [first, second, ...others] = readListedSas(text);
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    ...{ id: 1, state: 'ESTABLISHED', version: 'IKEv2' },
    ...{ initiatorSpi: '9a2f0f1d2c3b4a59', responderSpi: '1122334455667788' },
    childSas: [
      {
        ...{ id: 1, state: 'REKEYED', mode: 'TUNNEL-in-UDP', localSelectors: ['10.0.1.0/24'] },
        remoteSelectors: ['192.168.1.0/24', '192.168.2.0/24'],
        in: { spi: 'c0ffee01', bytes: 1028, packets: 1 },
        out: { spi: 'badcab02', bytes: 0, packets: 0 },
      },
      { id: 2, mode: 'TUNNEL', in: { spi: 'c0ffee03', packets: 2 }, out: { spi: 'badcab04', packets: 1 } },
    ],
  });
  expect(second).toMatchObject({ id: 2, state: 'CONNECTING', version: 'IKEv1', childSas: [] });
});
