import { expect, it } from 'vitest';
import { replayWindowFor } from './replay-window.ts';

it.each([
  ['5.9.8', 1024],
  ['5.9.11', 1024],
  ['5.8.99', 1024],
  ['4.6', 1024],
  ['', 1024],
  ['5.9.12', 2048],
  ['5.9.14', 2048],
  ['5.10', 2048],
  ['6.0.1', 2048],
  ['6.0dr9', 2048],
])('the replay window of strongSwan %s is %i', (version, window) => {
  expect(replayWindowFor(version)).toBe(window);
});
