import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from './cut-text.ts';

it('leaves alone what is short enough', () => {
  expect(cutText('abcd', 4)).toBe('abcd');
  expect(cutText('', 4)).toBe('');
});

it('says that something is left out', () => {
  expect(cutText('abcde', 4)).toBe('abc…');
});

it('cuts no surrogate pair in two', () => {
  expect(cutText('ab😀de', 4)).toBe('ab…');
  expect(cutText('a😀def', 4)).toBe('a😀…');
});

it('is never too long, always the beginning of it, and whole characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, longest) => {
      const cut = cutText(text, longest);
      expect(cut.length).toBeLessThanOrEqual(longest);
      expect(cut.isWellFormed()).toBe(true);
      expect(text.startsWith(cut === text ? cut : cut.slice(0, -1))).toBe(true);
    }),
  );
});
