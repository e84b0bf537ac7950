import type { TargetedKeyboardEvent } from 'preact';
import { now } from '../../live/now.ts';
import { cursorOfKeys, strokeMs } from './cursor.ts';
import type { Look } from './look.ts';
import { happenedBeside, type Past } from './moment.ts';
import { zoomed, type Direction, type TimeWindow } from './time-window.ts';

interface Keys {
  readonly look: Look;
  readonly window: TimeWindow;
  readonly past: Past;
  readonly onGo: (direction: Direction) => void;
  /** Nothing of what was begun is done. */
  readonly onDrop: () => void;
}

const aside: Readonly<Record<string, Direction>> = { ArrowLeft: 'earlier', ArrowRight: 'later' };
const along: Readonly<Record<string, Direction>> = { ArrowUp: 'earlier', ArrowDown: 'later' };
const factors: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2, _: 2 };

/** All that a pointer can do. */
export function keysOf({ look, window, past, onGo, onDrop }: Keys) {
  const read = (at: number | null) => {
    if (at === null) return;
    look.hovered.value = null;
    look.held.value = cursorOfKeys(window, at);
  };
  const middle = (window.from + window.to) / 2;
  const step = (direction: Direction) => {
    const by = strokeMs(window, past.traffic?.stepSeconds ?? 0) * (direction === 'earlier' ? -1 : 1);
    const held = look.heldIn(window);
    read(held === null ? middle : held + by);
  };
  const leap = (direction: Direction) => {
    const end = direction === 'earlier' ? window.to + 1 : window.from - 1;
    read(happenedBeside(past.lines, window, look.heldIn(window) ?? end, direction));
  };
  /** Whether it meant something. */
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const [sideways, lengthwise, factor] = [aside[key], along[key], factors[key]];
    if (sideways !== undefined && shiftKey) step(sideways);
    else if (sideways !== undefined) onGo(sideways);
    else if (lengthwise !== undefined && shiftKey) leap(lengthwise);
    else if (factor !== undefined) {
      const seen = look.ahead.peek() ?? window;
      look.ahead.value = zoomed(seen, look.heldIn(seen) ?? (seen.from + seen.to) / 2, factor, now.peek());
    } else if (key === 'Escape') {
      onDrop();
      look.held.value = null;
    } else return false;
    return true;
  };
  return (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(event)) event.preventDefault();
  };
}
