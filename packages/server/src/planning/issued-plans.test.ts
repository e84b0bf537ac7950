import { beforeEach, expect, test, vi } from 'vitest';
import { parseCidr } from '@landbridge/net';
import { sampleConnection, sampleGatewayRoute, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { Fault } from '../domain/vpn/tunnel-usability.ts';
import { Draft, type DraftRows } from '../image/draft.ts';
import { Image } from '../image/image.ts';
import type { PlanKey } from '../plan/plan.ts';
import { IssuedPlans } from './issued-plans.ts';

const gateway = 'vpngw-gateway1';
const tunnel = sampleConnection(1);

let image: Image;
let observed: ObservedState;
let plans: IssuedPlans;
let told: PlanKey[];

beforeEach(async () => {
  image = new Image(1, sampleNetwork([tunnel], [sampleGatewayRoute('192.168.1.0/24', 1)]));
  observed = new ObservedState();
  told = [];
  const readForwarding = () => Promise.resolve('ours' as const);
  const onChanged = (keys: readonly PlanKey[]) => void told.push(...keys);
  plans = new IssuedPlans({ image, uplink: sampleUplink, observed, readForwarding, onChanged });
  await vi.waitFor(() => expect(told).toEqual(expect.arrayContaining(plans.keys())));
  told.length = 0;
});

/** Returns the generation of the commit. */
function commit(decision: (rows: DraftRows) => void): number {
  const draft = new Draft(image);
  draft.attempt(decision);
  const { changes } = draft;
  image.patch(changes, image.generation + 1);
  plans.committed(changes);
  return image.generation;
}

const rename = (rows: DraftRows) => rows.vpnConnections.update({ ...tunnel, name: 'another name' });
const reset = (rows: DraftRows) => rows.vpnConnections.update({ ...tunnel, epoch: tunnel.epoch + 1 });

async function apply(): Promise<void> {
  const { generation = -1 } = (await plans.planFor(gateway)) ?? {};
  observed.recordOutcome({ key: gateway, appliedGeneration: generation, error: null, at: 0 });
}

function judge(fault: Fault | null): void {
  observed.recordUsability(tunnel.id, { fault, healthCheck: null });
}

test('a change is applied once a plan of it is, and is told to who acts', async () => {
  await apply();
  const generation = commit(reset);
  expect(plans.isApplied(gateway, generation)).toBe(false);
  await vi.waitFor(() => expect(told).toEqual([gateway]));
  expect(plans.isApplied(gateway, generation)).toBe(false);
  await apply();
  expect(plans.isApplied(gateway, generation)).toBe(true);
});

test('a change that leaves the plan as it is needs nobody to apply it, once somebody has looked', async () => {
  await apply();
  const generation = commit(rename);
  expect(plans.isApplied(gateway, generation)).toBe(false);
  expect(plans.generationOf(gateway)).toBe(generation);
  await vi.waitFor(() => expect(plans.isApplied(gateway, generation)).toBe(true));
  expect(plans.generationOf(gateway)).toBeLessThan(generation);
  expect(told).toEqual([]);
});

test('a tunnel that fails and returns takes its routes out and brings them back, and each is told', async () => {
  const routes = async () => (await plans.planFor(gateway))?.routes.map(({ destination }) => destination);
  const range = parseCidr('192.168.1.0/24');
  expect(await routes()).toContain(range);
  judge('no-child-sa');
  expect(await routes()).not.toContain(range);
  await vi.waitFor(() => expect(told).toEqual([gateway]));
  judge(null);
  await vi.waitFor(() => expect(told).toEqual([gateway, gateway]));
  expect(await routes()).toContain(range);
});
