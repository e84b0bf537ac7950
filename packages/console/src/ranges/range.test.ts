import { expect, it } from 'vitest';
import { addressOf, byRange, holds, rangeOf, type Range } from './range.ts';

const range = (text: string): Range => {
  const read = rangeOf(text);
  if (read === null) throw new Error(`${text} is no range`);
  return read;
};

it('reads addresses, and nothing that only looks like one', () => {
  expect(addressOf('10.2.3.4')).toBe(0x0a_02_03_04);
  expect(addressOf('255.255.255.255')).toBe(2 ** 32 - 1);
  for (const text of ['', '10.2.3', '10.2.3.4.5', '10.2.3.256', '10.2.3.4/32', 'a.b.c.d', ' 10.2.3.4'])
    expect([text, addressOf(text)]).toEqual([text, null]);
});

it('reads ranges, without their host bits', () => {
  expect(rangeOf('0.0.0.0/0')).toEqual({ first: 0, size: 2 ** 32 });
  expect(rangeOf('192.168.1.0/24')).toEqual({ first: 0xc0_a8_01_00, size: 256 });
  expect(rangeOf('10.0.0.5/24')).toEqual(rangeOf('10.0.0.0/24'));
  for (const text of ['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8x'])
    expect([text, rangeOf(text)]).toEqual([text, null]);
});

it('knows which addresses a range holds: its first and its last, not those beside it', () => {
  const asked = ['10.1.255.255', '10.2.0.0', '10.2.255.255', '10.3.0.0'].map((text) => addressOf(text) ?? -1);
  expect(asked.map((address) => holds(range('10.2.0.0/16'), address))).toEqual([false, true, true, false]);
  expect(holds(range('0.0.0.0/0'), addressOf('255.255.255.255') ?? -1)).toBe(true);
});

it('orders ranges by number, not as text, the widest first', () => {
  const inOrder = [
    '0.0.0.0/0',
    '9.0.0.0/8',
    '10.0.0.0/8',
    '10.0.0.0/16',
    '10.2.0.0/16',
    '10.10.0.0/16',
    '192.168.0.0/24',
  ];
  expect(inOrder.toReversed().toSorted((a, b) => byRange(range(a), range(b)))).toEqual(inOrder);
});
