import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../src/host.ts';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { measureMatrix, mismatches } from '../src/reachability-matrix.ts';
import type { Four } from '../src/scenarios/4-route.ts';
import { fourSpd } from '../src/scenarios/4-spd.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// docs/spec/scenarios.md section 4, SPD variant: the table, and what happens when a range is not enabled towards the
// CCN.

let world: World;
let built: Four;
let capture: WireCapture;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  built = await fourSpd.build(world);
});

afterAll(() => world.stop());

function host(name: string): Host {
  const found = built.hosts.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
}

describe('scenario 4, SPD', () => {
  it('reaches as the table says, from IDC to IDC through the CCN', async () => {
    expect(mismatches(await measureMatrix(built.hosts, fourSpd.expected))).toEqual([]);
  });

  it('4.1: without its range in the CCN nobody reaches IDC-1, not even another IDC', async () => {
    const { gatewayId } = built.ccn.gateway;
    await world.cloud.setCcnRanges(gatewayId, 'DISABLE', '192.168.1.0/24');
    try {
      await waitForSilence(host('VPC-1'), host('IDC-1'));
      await waitForSilence(host('IDC-2'), host('IDC-1'));
      await waitForReply(host('IDC-2'), host('IDC-3'));
    } finally {
      await world.cloud.setCcnRanges(gatewayId, 'ENABLE', '192.168.1.0/24');
    }
    await waitForReply(host('IDC-2'), host('IDC-1'));
  });

  it('needs the other IDCs among the local ranges', async () => {
    const [one] = built.tunnels;
    const policies = ['10.0.0.0/16', '172.16.0.0/16', '192.168.9.0/24'].map((LocalCidrBlock) => {
      return { LocalCidrBlock, RemoteCidrBlock: [one.idc.lan] };
    });
    await world.cloud.modifyVpnConnection(one.connectionId, { SecurityPolicyDatabases: policies });
    await world.cloud.waitUntilApplied(built.ccn.gateway.gatewayId);
    await waitForReply(host('VPC-1'), host('IDC-1'));
    const cells = await measureMatrix(built.hosts, {
      'VPC-1': { 'IDC-1': 'yes' },
      'IDC-1': { 'VPC-2': 'yes', DC: 'yes', 'IDC-2': 'no', 'IDC-3': 'no' },
      'IDC-2': { 'IDC-1': 'no', 'IDC-3': 'yes' },
    });
    expect(mismatches(cells)).toEqual([]);
  });

  it('had nothing inner in clear on the internet in all of this', async () => {
    const wire = await capture.stop();
    expect(wire).toMatchObject({ inner: [], sawCanary: false });
    expect(wire.encrypted).toBeGreaterThan(50);
  });
});
