import { expect, it } from 'vitest';
import { addressesHeard, addressesOfNeighbours } from './known-addresses.ts';

it('neighbours are told with their state, as iproute2 prints them', () => {
  const answer =
    '[{"dst":"10.0.1.10","lladdr":"02:00:00:00:00:01","state":["STALE"]},{"dst":"10.0.1.99","state":["FAILED"]}]';
  expect([...addressesOfNeighbours(answer)]).toEqual([['10.0.1.10', 'STALE'], ['10.0.1.99', 'FAILED']]); // prettier-ignore
  expect(addressesOfNeighbours('').size).toBe(0);
});

it('who was heard is told of one subnet alone, as nft prints its set', () => {
  const element = (device: string, address: string) => ({
    elem: { val: { concat: [device, address] }, timeout: 600, expires: 12 },
  });
  const text = JSON.stringify({
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { set: { name: 'heard', elem: [element('subnet-1', '10.0.1.10'), element('subnet-2', '10.0.2.10')] } },
    ],
  });
  expect(addressesHeard(`${text}\n`, 'subnet-1')).toEqual(['10.0.1.10']);
  expect(addressesHeard('{"nftables":[{"set":{"name":"heard"}}]}', 'subnet-1')).toEqual([]);
});
