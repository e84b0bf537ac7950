import { parseIpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import type { CableEndPlan, LinkPlan } from '../plan/plan.ts';
import { diffCables } from './cable.ts';
import { parseLinks } from './link.ts';
import { parseNeighbours } from './neighbour.ts';

function end(netns: string | null, name: string, mac: string, farMac: string, farAddress: string): CableEndPlan {
  return { netns, name, mac, neighbour: { address: parseIpAddress(farAddress), mac: farMac } };
}

/** Far ends on the host: of the cables of two gateways. */
const wanted = ['a', 'b'].map((gateway, index): LinkPlan => {
  const [host, wan] = [`02:00:00:00:0${index}:01`, `02:00:00:00:0${index}:02`];
  const near = end(null, gateway, host, wan, `203.0.113.${index}`);
  const far = end(`lb-${gateway}`, 'wan', wan, host, '169.254.0.1');
  return { kind: 'veth-peer', name: gateway, addresses: [], cable: { near, far } };
});

/** As planned but for what is named. */
function diff(
  macs: Record<string, string> = {},
  farMacs: Record<string, string> = {},
  absent: string[] = [],
): string[] {
  const ends = wanted.flatMap(({ cable }) => (cable ? [cable.near] : [])).filter(({ name }) => !absent.includes(name));
  const links = ends.map(({ name, mac }) => ({ ifname: name, address: macs[name] ?? mac }));
  const neighbours = ends.map(({ name, neighbour }) => {
    return { dev: name, dst: neighbour.address, lladdr: farMacs[name] ?? neighbour.mac, state: ['PERMANENT'] };
  });
  const present = new Set(ends.map(({ name }) => name));
  const commands = diffCables(wanted, parseLinks(links), parseNeighbours(neighbours), present);
  return commands.map(({ netns, line }) => `${netns ?? 'host'}: ${line}`);
}

const linesFor = (gateway: 'a' | 'b', index = gateway === 'a' ? 0 : 1) => [
  `lb-${gateway}: link set wan address 02:00:00:00:0${index}:02`,
  `lb-${gateway}: neighbour replace 169.254.0.1 lladdr 02:00:00:00:0${index}:01 dev wan nud permanent protocol 76`,
  `host: link set ${gateway} address 02:00:00:00:0${index}:01`,
  `host: neighbour replace 203.0.113.${index} lladdr 02:00:00:00:0${index}:02 dev ${gateway} nud permanent protocol 76`,
];

describe('diffCables', () => {
  it('changes nothing where all is as planned, and nothing of a device that is not there yet', () => {
    expect(diff()).toEqual([]);
    expect(diff({ a: 'ae:00:00:00:00:01' }, {}, ['a'])).toEqual([]);
  });

  it.each([
    ['another Ethernet address', { b: 'ae:00:00:00:00:01' }, {}],
    ['a neighbour with another one', {}, { b: 'ae:00:00:00:00:01' }],
  ])('changes both ends where one has %s, and leaves the other cables alone', (_what, macs, farMacs) => {
    expect(diff(macs, farMacs)).toEqual(linesFor('b'));
  });

  it('changes one cable after the other, so that none is cut while the others are changed', () => {
    const other = { a: 'ae:00:00:00:00:01', b: 'ae:00:00:00:00:02' };
    expect(diff(other, other)).toEqual([...linesFor('a'), ...linesFor('b')]);
  });
});
