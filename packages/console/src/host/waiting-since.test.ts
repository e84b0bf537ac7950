import { expect, it } from 'vitest';
import { WaitingSince } from './waiting-since.ts';

it('counts from when a plan was first seen to wait, and anew once it had been applied', () => {
  const waiting = new WaitingSince();
  const seen = (Applied: number, at: number) => {
    waiting.note([{ VpnGatewayId: 'vpngw-1', Generation: 5, Applied }], at);
    return waiting.of('vpngw-1');
  };
  expect([seen(5, 100), seen(4, 200), seen(4, 300), seen(5, 400), seen(-1, 500)]).toEqual([
    undefined,
    200,
    200,
    undefined,
    500,
  ]);
  waiting.note([], 600);
  expect(waiting.of('vpngw-1')).toBeUndefined();
});
