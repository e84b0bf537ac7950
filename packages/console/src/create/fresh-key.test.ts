import { expect, it } from 'vitest';
import { freshKey } from './fresh-key.ts';

it('is long, of letters and digits, never the same, and no letter is likelier than another', () => {
  const keys = Array.from({ length: 2000 }, freshKey);
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9]{32}$/);
  const counts = new Map<string, number>();
  for (const letter of keys.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // 64,000 letters: 1032 of each are expected, with a deviation of 32; bytes taken modulo 62 would give eight of them 1250.
  expect(Math.max(...counts.values())).toBeLessThan(1032 + 6 * 32);
  expect(Math.min(...counts.values())).toBeGreaterThan(1032 - 6 * 32);
});
