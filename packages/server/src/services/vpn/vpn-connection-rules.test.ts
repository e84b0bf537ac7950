import { expect, it } from 'vitest';
import { Refusal } from '../../domain/refusal.ts';
import { nextIfId } from './vpn-connection-rules.ts';

it('a gateway has as many tunnels as there are if_ids, and no more', () => {
  const next = (count: number, taken: (ifId: number) => boolean) => {
    let counter = 0;
    const rows = { next: () => ++counter };
    const others = { count: () => count, withIfId: (ifId: number) => (taken(ifId) ? [{}] : []) };
    return nextIfId(rows as never, 'vpngw-gateway1', others as never);
  };
  expect(next(65_534, (ifId) => ifId !== 65_535)).toBe(65_535);
  expect(() => next(65_535, () => true)).toThrow(
    expect.objectContaining({ reason: 'no-if-id-left', details: { limit: 65_535 } }) as Refusal,
  );
});
