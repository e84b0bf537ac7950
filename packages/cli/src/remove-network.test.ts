import { expect, it } from 'vitest';
import { hostLines } from './remove-network.ts';

it('names each setting that goes back, and each that stays since somebody else changed it', () => {
  const [delay, forwarding] = ['net.ipv4.neigh.eth0.proxy_delay', 'net.ipv4.conf.eth0.forwarding'];
  expect(hostLines({ settings: { [delay]: '80' }, left: { [forwarding]: '1' } })).toEqual([
    'Settings of the host go back:',
    `  ${delay} = 80`,
    'Somebody changed these since, so that they stay:',
    `  ${forwarding} = 1`,
  ]);
  expect(hostLines({ settings: {}, left: {} })).toEqual([]);
});
