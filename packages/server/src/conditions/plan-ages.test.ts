import { expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { PlanAges } from './plan-ages.ts';

it('a plan that waits for long is named, with its age, until it is applied', async () => {
  const clock = new FakeClock();
  const applied = new Set<string>();
  const plans = { isApplied: (key: string) => applied.has(key), generationOf: () => 1 };
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
