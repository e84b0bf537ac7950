import { expect, it, vi } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { Draft } from '../image/draft.ts';
import { Image } from '../image/image.ts';
import { IssuedPlans } from '../planning/issued-plans.ts';
import { PlanAges } from './plan-ages.ts';

it('a plan that waits for long is named, with its age, until it is applied', async () => {
  const clock = new FakeClock();
  const applied = new Set<string>();
  const plans = { isWaiting: (key: string) => !applied.has(key) };
  const ages = new PlanAges(plans, clock);
  ages.changed(['vpc-00000001']);
  await clock.advance(9000);
  ages.changed(['vpc-00000001', 'host']);
  expect(ages.readCondition()).toEqual({ name: 'plans', ok: true, message: '' });
  await clock.advance(3000);
  expect(ages.readCondition()).toEqual({
    ...{ name: 'plans', ok: false },
    message: '2 plans wait to be applied, that of vpc-00000001 for 12 s',
  });
  applied.add('vpc-00000001');
  expect(ages.readCondition().ok).toBe(true);
  applied.add('host');
  await clock.advance(60_000);
  expect(ages.readCondition().ok).toBe(true);
});

it('a plan whose resource is deleted waits until the acting side has nothing of it any more', async () => {
  const clock = new FakeClock();
  const image = new Image(1, sampleNetwork([], []));
  const observed = new ObservedState();
  const told: string[] = [];
  const plans = new IssuedPlans({
    ...{ image, observed, uplink: sampleUplink },
    readForwarding: () => Promise.resolve('ours' as const),
    onChanged: (keys) => {
      ages.changed(keys);
      told.push(...keys);
    },
  });
  const ages = new PlanAges(plans, clock);
  const applyAll = (keys: readonly string[]) => {
    for (const key of keys)
      observed.recordOutcome({ key, appliedGeneration: image.generation, error: null, at: clock.now() });
  };
  await vi.waitFor(() => expect(told).toEqual(expect.arrayContaining(plans.keys())));
  applyAll(plans.keys());
  await clock.advance(20_000);
  expect(ages.readCondition().ok).toBe(true);

  const [vpc] = image.rows.vpcs.all();
  const draft = new Draft(image);
  draft.attempt((rows) => rows.vpcs.remove(vpc!.id));
  const { changes } = draft;
  image.patch(changes, 2);
  told.length = 0;
  plans.committed(changes);
  await vi.waitFor(() => expect(told).toContain(vpc!.id));
  applyAll(plans.keys());
  await clock.advance(20_000);
  expect(ages.readCondition()).toMatchObject({ ok: false, message: expect.stringContaining(vpc!.id) as string });
  observed.forgetPlan(vpc!.id);
  expect(ages.readCondition().ok).toBe(true);
});
