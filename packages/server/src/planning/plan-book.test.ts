import { expect, test, vi } from 'vitest';
import { playPlanBook } from '../../testing/plan-book-model.ts';
import { sampleConnection, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { Draft, type DraftRows } from '../image/draft.ts';
import { Image } from '../image/image.ts';
import { PlanBook } from './plan-book.ts';

vi.setConfig({ testTimeout: 3_600_000 });

/** LANDBRIDGE_PLAN_STEPS=200000 for a long look. */
const steps = Number(process.env['LANDBRIDGE_PLAN_STEPS'] ?? 5000);

test('a tunnel more is one plan made anew, however many there are; what comes out as it was is told to nobody', () => {
  const { vpnGateways, ...network } = sampleNetwork([sampleConnection(1), sampleConnection(2)]);
  const others = Array.from({ length: 500 }, (_, number): VpnGateway => {
    return { ...vpnGateways[0]!, id: `vpngw-other${number}`, vpcId: null };
  });
  const image = new Image(0, { ...network, vpnGateways: [...vpnGateways, ...others] });
  const facts = { isUsable: assumeUsable, forwarding: () => 'ours' as const };
  const book = new PlanBook({ image, uplink: sampleUplink, facts });
  const commit = (decide: (rows: DraftRows) => void) => {
    const draft = new Draft(image);
    decide(draft.rows);
    const { changes } = draft;
    image.patch(changes, image.generation + 1);
    book.committed(changes);
    return [...book.refreshing()];
  };
  expect(book.refresh()).toHaveLength(503);
  const third = sampleConnection(3, [], { customerGatewayId: 'cgw-device01' });
  expect(commit((rows) => rows.vpnConnections.insert(third))).toEqual(['vpngw-gateway1']);
  expect(book.planFor('vpngw-gateway1')?.charon?.connections).toHaveLength(3);
  expect([book.generationOf('vpngw-gateway1'), book.generationOf('vpngw-other7')]).toEqual([1, 0]);
  expect(commit((rows) => rows.vpnConnections.update({ ...third, name: 'another name' }))).toEqual([null]);
  expect(commit((rows) => rows.vpnConnections.remove(third.id))).toEqual(['vpngw-gateway1']);
  expect(commit((rows) => rows.vpnGateways.remove('vpngw-other7'))).toEqual(['vpngw-other7', 'host']);
  expect(book.planFor('vpngw-other7')).toBeUndefined();
});

test('whatever happens, every plan is what it is from scratch, and who is told is who differs', () => {
  playPlanBook(steps);
});
