import { expect, test } from 'vitest';
import { unmappedOf } from './nft.ts';

/** As nft 1.0.6 writes them. */
const answer = (...elements: readonly (readonly [concat: readonly string[], expires: number])[]) => ({
  nftables: [
    { metainfo: { version: '1.0.6' } },
    {
      set: {
        ...{ family: 'inet', name: 'unmapped', table: 'landbridge', type: ['ifname', 'ipv4_addr', 'ipv4_addr'] },
        ...{ handle: 3, size: 256, flags: ['timeout'], timeout: 60 },
        ...(elements.length === 0
          ? {}
          : { elem: elements.map(([concat, expires]) => ({ elem: { val: { concat }, expires } })) }),
      },
    },
  ],
});

test('of each tunnel the newest packet that no mapping names is known', () => {
  const read = unmappedOf([
    answer(
      [['vpnx-tunnel01', '10.0.2.5', '192.168.1.10'], 58],
      [['vpnx-tunnel02', '10.0.2.6', '192.168.2.10'], 12],
      [['vpnx-tunnel01', '10.0.2.7', '192.168.1.11'], 30],
    ),
  ]);
  expect([...read].sort()).toEqual([
    ['vpnx-tunnel01', { source: '10.0.2.5', destination: '192.168.1.10' }],
    ['vpnx-tunnel02', { source: '10.0.2.6', destination: '192.168.2.10' }],
  ]);
  expect(unmappedOf([answer()]).size).toBe(0);
});
