import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { say } from '../../words/said.ts';
import { keysOf } from './keys.ts';
import type { Look } from './look.ts';
import type { Past } from './moment.ts';
import { fractionOf, isSame, type Direction, type TimeWindow } from './time-window.ts';
import { clockOf } from './timeline-chart.tsx';
import { useHand } from './use-hand.ts';

interface TimelineFieldProps {
  readonly look: Look;
  readonly window: TimeWindow;
  readonly past: Past;
  readonly isLoading: boolean;
  readonly onShow: (window: TimeWindow) => void;
  readonly onGo: (direction: Direction) => void;
  /** Pictures of the window. */
  readonly children: ComponentChildren;
}

/** Pictures on one axis of time, to be read, moved and looked into. */
export function TimelineField({ look, window, past, isLoading, onShow, onGo, children }: TimelineFieldProps) {
  const { drop, ...hand } = useHand(look, window);
  const [ahead, isGrasped, picked] = [look.ahead.value, look.isGrasped.value, look.picked.value];
  const seen = ahead ?? window;
  const cursor = look.cursorIn(seen);
  // One step after the other, and none before the hand lets go: the service answers few such questions at a time.
  useEffect(() => {
    if (ahead === null || isGrasped || isLoading) return;
    look.ahead.value = null;
    if (!isSame(ahead, window)) onShow(ahead);
  }, [ahead, isGrasped, isLoading]);
  return (
    <>
      <div
        role="group"
        tabIndex={0}
        class={`time-field ${isGrasped && picked === null ? 'grasped' : ''}`}
        aria-label={say('timeline.hint')}
        aria-busy={isLoading}
        onKeyDown={keysOf({ look, window, past, onGo, onDrop: drop })}
        {...hand}
        style={movedTo(window, seen)}
      >
        {children}
        {cursor !== null && <div class="cursor" style={{ left: percent(fractionOf(seen, cursor.at)) }} />}
        {picked !== null && <div class="picked" style={spanIn(seen, picked)} />}
      </div>
      <p class="fine number ends">
        <span>{clockOf((picked ?? seen).from)}</span>
        <span>{clockOf((picked ?? seen).to)}</span>
      </p>
    </>
  );
}

/** What the pictures of one window have to do to lie on the axis of another. */
function movedTo(drawn: TimeWindow, seen: TimeWindow): Record<string, string> {
  return {
    '--moved': percent(fractionOf(seen, drawn.from)),
    '--stretched': `${(drawn.to - drawn.from) / (seen.to - seen.from)}`,
  };
}

function spanIn(window: TimeWindow, { from, to }: TimeWindow): Record<string, string> {
  const start = fractionOf(window, from);
  return { left: percent(start), width: percent(fractionOf(window, to) - start) };
}

function percent(fraction: number): string {
  return `${fraction * 100}%`;
}
