import { parseCidr, parseIpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import type { RoutePlan } from '../plan/plan.ts';
import { diffRoutes, parseRoutes } from './route.ts';

/** `ip -4 -N -d -json route show table all`, iproute2 6.1 on Linux 6.18. */
const captured: unknown[] = JSON.parse(
  '[{"type":"1","dst":"10.9.0.0/16","table":"100","protocol":"76","scope":"0","metric":101,"flags":[],"nexthops":[{"dev":"vpnx-a","weight":1,"flags":["linkdown"]},{"gateway":"1.2.3.4","dev":"v0","weight":1,"flags":["onlink"]}]},' +
    '{"type":"6","dst":"10.10.0.0/16","table":"100","protocol":"76","scope":"0","flags":[]},' +
    '{"type":"7","dst":"10.11.0.0/16","table":"100","protocol":"76","scope":"0","metric":20,"flags":[]},' +
    '{"type":"1","dst":"default","dev":"vpnx-a","table":"1001","protocol":"76","scope":"253","metric":5,"flags":["linkdown"]},' +
    '{"type":"1","dst":"default","gateway":"169.254.0.1","dev":"wan","table":"254","protocol":"76","scope":"0","prefsrc":"10.0.0.1","flags":["onlink"]},' +
    '{"type":"1","dst":"10.0.0.0/24","dev":"v0","table":"254","protocol":"2","scope":"253","prefsrc":"10.0.0.1","flags":[]},' +
    '{"type":"1","dst":"192.0.2.1","dev":"v0","table":"254","protocol":"3","scope":"253","flags":[]},' +
    '{"type":"1","dst":"192.0.2.2","dev":"v0","table":"254","protocol":"4","scope":"253","flags":[]},' +
    '{"type":"2","dst":"10.0.0.1","dev":"v0","table":"255","protocol":"2","scope":"254","prefsrc":"10.0.0.1","flags":[]}]',
) as unknown[];

const devices = new Set(['wan', 'v0', 'vpnx-a', 'vpnx-b']);

function route(destination: string, metric: number, hops: readonly string[], table = 100): RoutePlan {
  const nextHops = hops.map((device) => ({ device }));
  return { table, destination: parseCidr(destination), metric, kind: 'unicast', nextHops };
}

const defaultRoute: RoutePlan = {
  ...route('0.0.0.0/0', 0, [], 254),
  nextHops: [{ device: 'wan', via: parseIpAddress('169.254.0.1') }],
  source: parseIpAddress('10.0.0.1'),
};

const wanted: RoutePlan[] = [
  {
    ...route('10.9.0.0/16', 101, []),
    nextHops: [{ device: 'v0', via: parseIpAddress('1.2.3.4') }, { device: 'vpnx-a' }],
  },
  { ...route('10.10.0.0/16', 0, []), kind: 'blackhole' },
  { ...route('10.11.0.0/16', 20, []), kind: 'unreachable' },
  route('0.0.0.0/0', 5, ['vpnx-a'], 1001),
  defaultRoute,
];

function lines(changes: readonly { readonly line: string }[]): string[] {
  return changes.map(({ line }) => line);
}

describe('diffRoutes', () => {
  it('recognises every form of route in what the kernel says', () => {
    const { additions, removals, missing } = diffRoutes('lb-x', wanted, parseRoutes(captured), devices);
    expect({ additions: lines(additions), missing }).toEqual({ additions: [], missing: [] });
    // Boot and static routes of a namespace of ours are strangers, the kernel's own are not.
    expect(lines(removals)).toEqual([
      'route delete 192.0.2.1/32 table 254 metric 0 protocol 3 dev v0',
      'route delete 192.0.2.2/32 table 254 metric 0 protocol 4 dev v0',
    ]);
  });

  it('touches only routes with our protocol in the host', () => {
    const { removals } = diffRoutes(null, wanted, parseRoutes(captured), devices);
    expect(removals).toEqual([]);
    expect(lines(diffRoutes(null, [], parseRoutes(captured), devices).removals)).toHaveLength(5);
  });

  it('adds in the host, where a foreign route in the same place is an error, and replaces in our own namespaces', () => {
    expect(lines(diffRoutes(null, [defaultRoute], [], devices).additions)).toEqual([
      'route add 0.0.0.0/0 table 254 metric 0 protocol 76 src 10.0.0.1 via 169.254.0.1 dev wan onlink',
    ]);
    expect(lines(diffRoutes('lb-x', [defaultRoute], [], devices).additions)[0]).toMatch(/^route replace/);
  });

  it('replaces a multipath route in one step', () => {
    const changed = route('10.9.0.0/16', 101, ['vpnx-a', 'vpnx-b']);
    const { additions, removals } = diffRoutes('lb-x', [changed], parseRoutes(captured.slice(0, 1)), devices);
    expect(lines(additions)).toEqual([
      'route replace 10.9.0.0/16 table 100 metric 101 protocol 76 nexthop dev vpnx-a nexthop dev vpnx-b',
    ]);
    expect(removals).toEqual([]);
  });

  it('names device, table and metric of a route it removes', () => {
    expect(lines(diffRoutes('lb-x', [], parseRoutes(captured.slice(0, 4)), devices).removals)).toEqual([
      'route delete 10.9.0.0/16 table 100 metric 101 protocol 76 nexthop dev vpnx-a nexthop via 1.2.3.4 dev v0',
      'route delete blackhole 10.10.0.0/16 table 100 metric 0 protocol 76',
      'route delete unreachable 10.11.0.0/16 table 100 metric 20 protocol 76',
      'route delete 0.0.0.0/0 table 1001 metric 5 protocol 76 dev vpnx-a',
    ]);
  });

  it('keeps metrics of one destination apart', () => {
    const actual = parseRoutes([
      { type: '1', dst: '10.8.0.0/16', dev: 'vpnx-a', table: '100', protocol: '76', metric: 1, flags: [] },
    ]);
    const { additions, removals } = diffRoutes('lb-x', [route('10.8.0.0/16', 101, ['vpnx-b'])], actual, devices);
    expect(lines(additions)).toEqual(['route replace 10.8.0.0/16 table 100 metric 101 protocol 76 dev vpnx-b']);
    expect(lines(removals)).toEqual(['route delete 10.8.0.0/16 table 100 metric 1 protocol 76 dev vpnx-a']);
  });

  it('waits for devices that are not there', () => {
    const { additions, missing } = diffRoutes('lb-x', [route('10.8.0.0/16', 1, ['vpnx-a', 'vpnx-c'])], [], devices);
    expect(additions).toEqual([]);
    expect(missing).toEqual(['vpnx-c']);
  });
});
