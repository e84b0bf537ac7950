import type { TargetedPointerEvent, TargetedWheelEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { now } from '../../live/now.ts';
import { cursorOfPointer } from './cursor.ts';
import type { Look } from './look.ts';
import { between, instantAt, moved, zoomed, type TimeWindow } from './time-window.ts';

type Hand = TargetedPointerEvent<HTMLElement>;
type Wheel = TargetedWheelEvent<HTMLElement>;

/** Begun with a button or a finger, and not let go. */
interface Press {
  readonly x: number;
  /** What was to be seen then. */
  readonly window: TimeWindow;
  readonly isPicking: boolean;
  isDrag: boolean;
}

/** Pixels: a click is not that still. */
const clickPixels = 4;
/** A wheel does not say when it is let go. */
const wheelRestsMs = 300;

/** Reads under the pointer; a drag moves the time line, with Shift it picks a part; the wheel zooms with Ctrl, and moves by going sideways. */
export function useHand(look: Look, window: TimeWindow) {
  const press = useRef<Press | null>(null);
  const wheel = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(wheel.current), []);
  const seen = () => look.ahead.peek() ?? window;

  const drag = (pressed: Press, x: number, width: number) => {
    if (!pressed.isDrag && Math.abs(x - pressed.x) < clickPixels) return;
    pressed.isDrag = true;
    look.isGrasped.value = true;
    look.hovered.value = null;
    const begun = instantAt(pressed.window, pressed.x / width);
    if (pressed.isPicking) {
      const here = instantAt(pressed.window, x / width);
      look.picked.value = { from: Math.min(begun, here), to: Math.max(begun, here) };
    } else look.ahead.value = moved(pressed.window, lengthOfPixels(pressed.window, pressed.x - x, width), now.peek());
  };

  const spin = ({ ctrlKey, metaKey, deltaX, deltaY, deltaMode }: Wheel, x: number, width: number): boolean => {
    const pixels = deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : pixelsOfLine;
    if (ctrlKey || metaKey) {
      const factor = Math.exp(Math.min(Math.max(deltaY * pixels, -mostSpin), mostSpin) / 200);
      look.ahead.value = zoomed(seen(), instantAt(seen(), x / width), factor, now.peek());
    } else if (Math.abs(deltaX) > Math.abs(deltaY))
      look.ahead.value = moved(seen(), lengthOfPixels(seen(), deltaX * pixels, width), now.peek());
    else return false;
    return true;
  };

  return {
    onPointerDown: (event: Hand) => {
      if (!event.isPrimary || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press.current = { x: placeOf(event).x, window: seen(), isPicking: event.shiftKey, isDrag: false };
    },
    onPointerMove: (event: Hand) => {
      const { x, width } = placeOf(event);
      if (press.current !== null) drag(press.current, x, width);
      else if (!look.isGrasped.peek()) look.hovered.value = cursorOfPointer(seen(), x, width, event.pointerType);
    },
    onPointerUp: (event: Hand) => {
      const pressed = press.current;
      press.current = null;
      if (pressed === null) return;
      const { x, width } = placeOf(event);
      if (!pressed.isDrag) look.held.value = cursorOfPointer(seen(), x, width, event.pointerType);
      const picked = look.picked.peek();
      if (picked !== null) look.ahead.value = between(picked.from, picked.to, now.peek());
      look.picked.value = null;
      look.isGrasped.value = false;
    },
    onPointerLeave: () => {
      look.hovered.value = null;
    },
    /** Taken away by the browser, such as for scrolling the page. */
    onLostPointerCapture: () => {
      if (press.current === null) return;
      press.current = null;
      look.drop();
    },
    onWheel: (event: Wheel) => {
      const { x, width } = placeOf(event);
      if (press.current !== null || !spin(event, x, width)) return;
      event.preventDefault();
      look.hovered.value = null;
      look.isGrasped.value = true;
      clearTimeout(wheel.current);
      wheel.current = setTimeout(() => (look.isGrasped.value = false), wheelRestsMs);
    },
    /** Nothing of what was begun is done. */
    drop: () => {
      press.current = null;
      look.drop();
    },
  };
}

/** Of a wheel that counts lines. */
const pixelsOfLine = 16;
/** Pixels of one turn: some wheels turn by a page. */
const mostSpin = 100;

function lengthOfPixels({ from, to }: TimeWindow, pixels: number, width: number): number {
  return (pixels / width) * (to - from);
}

function placeOf({ currentTarget, clientX }: Hand | Wheel): { readonly x: number; readonly width: number } {
  const { left, width } = currentTarget.getBoundingClientRect();
  return { x: clientX - left, width };
}
