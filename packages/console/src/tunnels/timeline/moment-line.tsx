import { say } from '../../words/said.ts';
import type { Look } from './look.ts';
import { momentAt, type Past } from './moment.ts';
import { momentWords } from './moment-words.ts';
import type { TimeWindow } from './time-window.ts';

interface MomentLineProps {
  readonly look: Look;
  readonly window: TimeWindow;
  readonly past: Past;
}

const isTouched = matchMedia('(pointer: coarse)').matches;

/** What was at the moment that is read; how to read one where none is. */
export function MomentLine({ look, window, past }: MomentLineProps) {
  const cursor = look.cursorIn(window);
  const moment = cursor && momentAt(past, cursor.at, cursor.near * (window.to - window.from));
  const spoken = moment && cursor.isSpoken ? momentWords(moment, false).map(({ text }) => text) : [];
  return (
    <>
      <p class="moment number">
        {moment === null ? (
          <span class="fine">{say(isTouched ? 'timeline.fingers' : 'timeline.hands')}</span>
        ) : (
          momentWords(moment, true).map(({ part, kind, text }) => (
            <span key={part} class={kind === undefined ? part : `mark ${kind}`}>
              {text}
            </span>
          ))
        )}
      </p>
      <p class="hidden" aria-live="polite">
        {spoken.join('; ')}
      </p>
    </>
  );
}
