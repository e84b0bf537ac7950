import { expect, it } from 'vitest';
import { sampleGatewayPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import { stableMac } from '../plan/mac-address.ts';
import type { NetnsPlan } from '../plan/plan.ts';
import { capacityQuestion } from './capacity-question.ts';

const ids = sampleIds('capa', 2);
const gateway = sampleGatewayPlan(ids);

it('gateways are plans with a charon, tunnels its connections', () => {
  const { gateways } = capacityQuestion('/var/lib/landbridge', [sampleVpcPlan(ids), gateway]);
  const runDirectory = `/var/lib/landbridge/run/${ids.gateway}`;
  expect(gateways).toEqual([{ runDirectory, tunnels: gateway.charon!.connections.length }]);
  expect(gateway.charon!.connections.length).toBeGreaterThan(0);
});

it('neighbours that the kernel never forgets are those of cables and stations', () => {
  const end = (address: string) => ({
    ...{ netns: null, name: 'x', mac: stableMac(address) },
    neighbour: { address, mac: stableMac(address) },
  });
  const links = [
    { kind: 'loopback', name: 'lo', addresses: [] },
    { kind: 'veth-peer', name: 'a', addresses: [], cable: { near: end('10.0.0.1'), far: end('10.0.0.2') } },
    { kind: 'veth-peer', name: 'b', addresses: [], neighbours: [{ address: '10.0.0.3', mac: null }] },
  ] as unknown as NetnsPlan['links'];
  expect(capacityQuestion('/var/lib/landbridge', [{ ...gateway, links }]).permanentNeighbours).toBe(2);
});
