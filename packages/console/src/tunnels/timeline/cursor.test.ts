import { expect, it } from 'vitest';
import { cursorOfKeys, cursorOfPointer, strokeMs } from './cursor.ts';

const window = { from: 0, to: 1_000_000 };

it('a pointer reads where it is and hits what is a few pixels away, a finger more', () => {
  expect(cursorOfPointer(window, 250, 500, 'mouse')).toEqual({ at: 500_000, near: 6 / 500, isSpoken: false });
  expect(cursorOfPointer(window, 501, 500, 'touch')).toEqual({ at: 1_000_000, near: 16 / 500, isSpoken: false });
});

it('keys read aloud, stay in the window, and miss no step of its traffic that is longer than their stroke', () => {
  expect([-1, 500, 1_000_001].map((at) => cursorOfKeys(window, at).at)).toEqual([0, 500, 1_000_000]);
  expect(cursorOfKeys(window, 500).isSpoken).toBe(true);
  expect([strokeMs(window, 10), strokeMs(window, 60)]).toEqual([10_000, 60_000]);
});
