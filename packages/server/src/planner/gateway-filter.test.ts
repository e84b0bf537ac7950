import { parseCidr, parseIpAddress } from '@landbridge/net';
import { expect, test } from 'vitest';
import { rowsOf } from '../../testing/image-of.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { compileFilter, judge } from '../../testing/simulation/filter.ts';
import { planFor } from './plan-for.ts';

const cidr = parseCidr;
const spd = (remote: string) => [{ local: cidr('10.0.0.0/16'), remotes: [cidr(remote)] }];
/** Tunnels 1 and 2 by SPD, 3 and 4 by routes. */
const network = sampleNetwork(
  [
    sampleConnection(1, spd('192.168.1.0/24')),
    sampleConnection(2, spd('192.168.2.0/24')),
    sampleConnection(3),
    sampleConnection(4),
  ],
  [sampleGatewayRoute('192.168.3.0/24', 3), sampleGatewayRoute('192.168.4.0/24', 4)],
);
const filter = compileFilter(planFor('vpngw-gateway1', rowsOf(network), sampleUplink)?.filter ?? null);
const [vpc, spd1, spd2, routed3, routed4] = ['vpc-network1', ...[1, 2, 3, 4].map((n) => `vpnx-tunnel0${n}`)] as const;

/** Whatever routing says. The packet fits the mapping of tunnel 1. */
function passes(iif = '', oif = ''): boolean {
  const packet = {
    protocol: 'udp',
    source: parseIpAddress('10.0.1.2'),
    destination: parseIpAddress('192.168.1.2'),
  } as const;
  return judge(filter, 'forward', { packet, iif, oif }).verdict === 'accept';
}

test('the packet filter alone says who passes to whom', () => {
  const devices = ['wan', 'unknown', vpc, spd1, spd2, routed3, routed4];
  const passing = devices.flatMap((iif) => devices.filter((oif) => passes(iif, oif)).map((oif) => `${iif} > ${oif}`));
  const open = [vpc, routed3, routed4];
  expect(passing.sort()).toEqual(
    [
      ...open.flatMap((iif) => open.map((oif) => `${iif} > ${oif}`)),
      // The mapping of tunnel 1, and what comes out of SPD tunnels.
      ...open.map((iif) => `${iif} > ${spd1}`),
      ...[spd1, spd2].map((iif) => `${iif} > ${vpc}`),
    ].sort(),
  );
});
