import { expect, it } from 'vitest';
import { askingCountsOf } from './asking-counters.ts';

it('what tunnels ask and answer is read by tunnel, and counters of other things are left out', () => {
  const counters = [
    { name: 'vpnx-tunnel01.asked', packets: 7 },
    { name: 'vpnx-tunnel01.answered', packets: 3 },
    { name: 'vpnx-tunnel02.called', packets: 1 },
    { name: 'vpnx-tunnel02.outside-mappings', packets: 9 },
    { name: 'vpc-network1.asked', packets: 9 },
    { name: 'vpnx-tunnel02.asked.more', packets: 9 },
  ];
  expect([...askingCountsOf(counters)]).toEqual([
    ['vpnx-tunnel01', { asked: 7, answered: 3, called: 0, accepted: 0 }],
    ['vpnx-tunnel02', { asked: 0, answered: 0, called: 1, accepted: 0 }],
  ]);
});
