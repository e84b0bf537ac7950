import { signal } from '@preact/signals';
import type { Cursor } from './cursor.ts';
import { fractionOf, type TimeWindow } from './time-window.ts';

/** Where eye and hand are on a time line, as long as its page is open. */
export class Look {
  /** Under the pointer. */
  readonly hovered = signal<Cursor | null>(null);
  /** Stays there: set by a click, a tap or the keys. */
  readonly held = signal<Cursor | null>(null);
  /** What will be looked at: the picture that is there is moved and stretched to it, and nothing is asked yet. */
  readonly ahead = signal<TimeWindow | null>(null);
  /** A part that is being chosen. */
  readonly picked = signal<TimeWindow | null>(null);
  /** The hand has not let go. */
  readonly isGrasped = signal(false);

  /** What is read now. */
  cursorIn(window: TimeWindow): Cursor | null {
    const cursor = this.hovered.value ?? this.held.value;
    return cursor !== null && isIn(window, cursor.at) ? cursor : null;
  }

  /** Null: nothing is held there. */
  heldIn(window: TimeWindow): number | null {
    const held = this.held.peek();
    return held !== null && isIn(window, held.at) ? held.at : null;
  }

  /** What was begun is not done. */
  drop(): void {
    this.ahead.value = null;
    this.picked.value = null;
    this.isGrasped.value = false;
  }
}

function isIn(window: TimeWindow, at: number): boolean {
  const fraction = fractionOf(window, at);
  return fraction >= 0 && fraction <= 1;
}
