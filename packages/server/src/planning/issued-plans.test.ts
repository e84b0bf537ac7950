import { beforeEach, expect, test, vi } from 'vitest';
import type { NetworkRows } from '../../testing/image-of.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';
import { ccnRoutesInAllTables } from '../derive/ccn-routes.ts';
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

function start(rows: NetworkRows): void {
  image = new Image(1, rows);
  observed = new ObservedState();
  told = [];
  const readForwarding = () => Promise.resolve('ours' as const);
  const onChanged = (keys: readonly PlanKey[]) => void told.push(...keys);
  plans = new IssuedPlans({ image, uplink: sampleUplink, observed, readForwarding, onChanged });
}

beforeEach(async () => {
  start(sampleNetwork([tunnel], [sampleGatewayRoute('192.168.1.0/24', 1)]));
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

test('a tunnel that fails changes no plan, and every answer that depends on it', async () => {
  const onCcn = ccnScenario({ tunnels: [tunnel], routes: [sampleGatewayRoute('192.168.1.0/24', 1)] });
  start(onCcn.desired);
  const [ccn] = image.rows.ccns.all();
  const isEnabled = () =>
    ccnRoutesInAllTables(ccn!.id, image.rows, observed.isUsable).find(({ instance }) => instance.id === gateway)
      ?.enabled;
  const before = await Promise.all(plans.keys().map((key) => plans.planFor(key)));
  for (const [fault, isAnswered] of [
    [null, true],
    ['no-child-sa', false],
    [null, true],
  ] as const) {
    judge(fault);
    expect(isEnabled()).toBe(isAnswered);
    expect(await Promise.all(plans.keys().map((key) => plans.planFor(key)))).toEqual(before);
  }
});
