import { now } from '../../live/now.ts';
import { say } from '../../words/said.ts';
import { isAtEnd, lengthOf, lengths, type Direction, type Length, type TimeWindow } from './time-window.ts';

interface TimelineButtonsProps {
  readonly window: TimeWindow;
  readonly isLive: boolean;
  readonly onLength: (length: Length) => void;
  readonly onGo: (direction: Direction) => void;
  readonly onNow: () => void;
}

export function TimelineButtons({ window, isLive, onLength, onGo, onNow }: TimelineButtonsProps) {
  return (
    <p class="bar">
      {(Object.keys(lengths) as Length[]).map((length) => (
        <button key={length} type="button" aria-pressed={lengthOf(window) === length} onClick={() => onLength(length)}>
          {say(`timeline.${length}`)}
        </button>
      ))}
      <button type="button" disabled={isAtEnd(window, 'earlier', now.peek())} onClick={() => onGo('earlier')}>
        ← {say('timeline.earlier')}
      </button>
      <button type="button" disabled={isLive || isAtEnd(window, 'later', now.peek())} onClick={() => onGo('later')}>
        {say('timeline.later')} →
      </button>
      <button type="button" disabled={isLive} onClick={onNow}>
        {say('timeline.now')}
      </button>
    </p>
  );
}
