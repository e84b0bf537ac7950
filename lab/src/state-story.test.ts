import { expect, it } from 'vitest';
import { hadState } from './state-story.ts';

const story = [
  { at: 1000, state: 'up' },
  { at: 5000, state: 'peer-silent' },
  { at: 5100, state: 'negotiating' },
  { at: 9000, state: 'up' },
];

it('finds a state that was there at some moment of a time, however short, and at no other', () => {
  expect(hadState(story, 'up', 4900, 6900)).toBe(true);
  expect(hadState(story, 'up', 5001, 7001)).toBe(false);
  expect(hadState(story, 'peer-silent', 4000, 6000)).toBe(true);
  expect(hadState(story, 'peer-silent', 5101, 7101)).toBe(false);
  expect(hadState(story, 'up', 7000, 9000)).toBe(true);
  expect(hadState(story, 'up', 6999, 8999)).toBe(false);
  expect(hadState(story, 'up', 1e9, 1e9)).toBe(true);
  expect(hadState(story, 'up', 0, 999)).toBe(false);
  expect(hadState(story, 'refused', 0, 1e9)).toBe(false);
});
