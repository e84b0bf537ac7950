import type { ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import { allActions } from '@landbridge/catalogue/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../testing/api-harness.ts';
import { makeWorld, type World } from '../../testing/world-to-change.ts';

/** What every Action that changes something takes besides: `DryRun` and `ClientToken`. One world serves them all, as nothing is changed. */
let api: ApiHarness;
let world: World;
const ClientToken = 'of-the-first-call';
beforeAll(async () => {
  api = await startHarness();
  world = await makeWorld(api);
  await api.succeed('CreateVpc', { VpcName: 'first', CidrBlock: '10.0.0.0/16', ClientToken });
});
afterAll(() => api.close());

const listing = (reason: ErrorReason) => changing.filter(({ definition }) => definition.errors.includes(reason));
const changing = allActions.filter(({ definition }) => definition.effect === 'changes');

it('is taken by all of them, but where nothing ever succeeds', () => {
  for (const reason of ['dry-run', 'client-token-of-other-call'] as const) {
    const without = changing.filter((action) => !listing(reason).includes(action));
    expect(without.map(({ name }) => name)).toEqual(['NotifyRoutes', 'WithdrawNotifyRoutes']);
  }
});

describe('a call that would succeed is only tried with DryRun', () => {
  it.each(listing('dry-run'))('$name', async ({ name, service }) => {
    const { generation } = api.image;
    const error = await api.fail(name, { ...world.requestOf(name), DryRun: true }, { service });
    expect(error.Code).toBe('DryRunOperation');
    expect(api.image.generation).toBe(generation);
  });
});

describe('a ClientToken of another call', () => {
  it.each(listing('client-token-of-other-call'))('is refused by $name', async ({ name, service }) => {
    const { generation } = api.image;
    const error = await api.fail(name, { ...world.requestOf(name), ClientToken }, { service });
    expect(error.Code).toBe('InvalidParameterValue');
    expect(error.Message).toMatch(new RegExp(`ClientToken.*${ClientToken}`));
    expect(api.image.generation).toBe(generation);
  });
});
