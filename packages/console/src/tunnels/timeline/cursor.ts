import { instantAt, type TimeWindow } from './time-window.ts';

/** The moment that is read. */
export interface Cursor {
  readonly at: number;
  /** How much of the window away something is still at it: as wide as a pointer hits. */
  readonly near: number;
  /** Moved by keys: whoever does not see it hears it. */
  readonly isSpoken: boolean;
}

/** Of pixels. */
const reach = { mouse: 6, finger: 16 } as const;

/** @param x pixels from the beginning of the window, which is `width` of them long. */
export function cursorOfPointer(window: TimeWindow, x: number, width: number, pointerType: string): Cursor {
  const pixels = pointerType === 'touch' ? reach.finger : reach.mouse;
  return { at: instantAt(window, x / width), near: pixels / width, isSpoken: false };
}

/** So many of them go through a window, unless a step of its traffic is longer. */
const strokes = 100;

export function cursorOfKeys(window: TimeWindow, at: number): Cursor {
  return { at: Math.min(Math.max(at, window.from), window.to), near: 0.5 / strokes, isSpoken: true };
}

export function strokeMs({ from, to }: TimeWindow, stepSeconds: number): number {
  return Math.max(stepSeconds * 1000, (to - from) / strokes);
}
