import type { MovedGateway } from '@landbridge/server/readdress';
import { expect, it } from 'vitest';
import { movedLines } from './readdress.ts';

it('names each gateway with its peers, and what comes next', () => {
  const move = { from: '203.0.113.1', to: '203.0.113.9' } as Pick<MovedGateway, 'from' | 'to'>;
  const tunnels = [{ id: 'vpnx-00000001', name: 'to-idc', peer: '198.51.100.7' }];
  const moved = [
    { ...move, id: 'vpngw-00000001', name: 'gateway', tunnels },
    { ...move, id: 'vpngw-00000002', name: '', tunnels: [] },
  ];
  expect(movedLines(moved, false)).toEqual([
    'vpngw-00000001 (gateway): 203.0.113.1 -> 203.0.113.9',
    '  vpnx-00000001 (to-idc): the peer 198.51.100.7 has to be told',
    'vpngw-00000002: 203.0.113.1 -> 203.0.113.9',
    'Nothing was done. To do it: stop the service, then the same command with --yes.',
  ]);
  expect(movedLines(moved, true).at(-1)).toBe(
    'Done. Start the service with an uplink that has these addresses, and tell the peers.',
  );
});
