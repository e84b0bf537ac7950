import { setImmediate, setTimeout } from 'node:timers/promises';

/** Lets everything else that waits for the event loop have its turn: between two slices of long work. */
export function nextTurn(): Promise<void> {
  return setImmediate();
}

/** For so long a slice holds the event loop. */
const sliceMs = 4;

/** Long work of small steps: everything else has its turn whenever the steps since the last turn took too long together. */
export class Slices {
  #startedAt = performance.now();

  async between(): Promise<void> {
    if (performance.now() - this.#startedAt < sliceMs) return;
    await nextTurn();
    this.#startedAt = performance.now();
  }
}

/** Leaves the event loop to others for so long. Keeps no process alive. */
export function pause(ms: number): Promise<void> {
  return setTimeout(ms, undefined, { ref: false });
}
