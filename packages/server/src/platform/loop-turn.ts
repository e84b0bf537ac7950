import { setImmediate, setTimeout } from 'node:timers/promises';

/** Lets everything else that waits for the event loop have its turn: between two slices of long work. */
export function nextTurn(): Promise<void> {
  return setImmediate();
}

/** Leaves the event loop to others for so long. Keeps no process alive. */
export function pause(ms: number): Promise<void> {
  return setTimeout(ms, undefined, { ref: false });
}
