import { useSearchParams } from 'wouter-preact';
import { useLoaded } from '../../live/loaded.ts';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import type { Line } from './bands.ts';
import { readStory, readTraffic, type Story } from './read-past.ts';
import { isAtEnd, lastHour, lengthOf, lengths, resized, searchOf, shifted, windowOf } from './time-window.ts';
import type { Length, TimeWindow } from './time-window.ts';
import { clockOf, TimelineChart } from './timeline-chart.tsx';
import { ProbeChart } from './probe-chart.tsx';

/** A week of a tunnel on one axis: what passed, how it was, what happened. The time is part of the address. */
export function TimelinePanel({ id }: { readonly id: Tunnel['VpnConnectionId'] }) {
  const [search, setSearch] = useSearchParams();
  const chosen = windowOf(search);
  const key = [id, chosen?.from, chosen?.to].join(' ');
  const about = { kinds: chosen === null ? ['tunnelStates', 'vpnConnections'] : [], id };
  const traffic = useLoaded(key, () => ({
    ...{ kinds: [], everyMs: 60_000 },
    load: (isBackground: boolean) => readTraffic(id, chosen, isBackground),
  }));
  const story = useLoaded(key, () => ({
    ...{ ...about, everyMs: 60_000 },
    load: (isBackground: boolean) => readStory(id, chosen, isBackground),
  }));
  const window = chosen ?? story.value.value?.window ?? traffic.value.value?.window ?? lastHour(Date.now());
  const isLoading = story.at.value === null && story.problem.value === null;
  const show = (next: TimeWindow | null) =>
    setSearch(next === null ? {} : searchOf(next), { replace: chosen !== null });
  const go = (direction: 'earlier' | 'later') => {
    // One step after the other: the service answers few such questions at a time.
    if (!isLoading && !isAtEnd(window, direction, Date.now())) show(shifted(window, direction, Date.now()));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = ({ ArrowLeft: 'earlier', ArrowRight: 'later' } as const)[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    go(direction);
  };
  return (
    <section class="panel wide">
      <h2>{say('tunnel.events')}</h2>
      <TimelineButtons window={window} isLive={chosen === null} onShow={show} onGo={go} />
      <Problem of={traffic.problem.value} again={() => void traffic.refresh(false)} />
      <Problem of={story.problem.value} again={() => void story.refresh(false)} />
      <div role="group" tabIndex={0} aria-label={say('timeline.hint')} onKeyDown={onKeyDown}>
        <TimelineChart window={window} traffic={traffic.value.value} lines={story.value.value?.lines ?? []} />
        {traffic.value.value !== null && <ProbeChart window={window} traffic={traffic.value.value} />}
      </div>
      {story.value.value !== null && <Lines story={story.value.value} />}
    </section>
  );
}

interface TimelineButtonsProps {
  readonly window: TimeWindow;
  readonly isLive: boolean;
  readonly onShow: (window: TimeWindow | null) => void;
  readonly onGo: (direction: 'earlier' | 'later') => void;
}

function TimelineButtons({ window, isLive, onShow, onGo }: TimelineButtonsProps) {
  const now = Date.now();
  return (
    <p class="bar">
      {(Object.keys(lengths) as Length[]).map((length) => (
        <button
          key={length}
          type="button"
          aria-pressed={lengthOf(window) === length}
          onClick={() => onShow(resized(window, length, Date.now()))}
        >
          {say(`timeline.${length}`)}
        </button>
      ))}
      <button type="button" disabled={isAtEnd(window, 'earlier', now)} onClick={() => onGo('earlier')}>
        ← {say('timeline.earlier')}
      </button>
      <button type="button" disabled={isLive || isAtEnd(window, 'later', now)} onClick={() => onGo('later')}>
        {say('timeline.later')} →
      </button>
      <button type="button" disabled={isLive} onClick={() => onShow(null)}>
        {say('timeline.now')}
      </button>
    </p>
  );
}

/** In the page; all of them are in the chart. */
const mostListed = 100;

function Lines({ story }: { readonly story: Story }) {
  const lines = story.lines.filter(({ Time }) => Date.parse(Time) >= story.window.from);
  if (lines.length === 0) return <p class="empty">{say('timeline.none')}</p>;
  return (
    <>
      <ol class="events">
        {lines.slice(0, mostListed).map((line) => (
          <LineOf key={line.LineId} line={line} />
        ))}
      </ol>
      {(story.isCut || lines.length > mostListed) && <p class="fine">{say('timeline.more')}</p>}
    </>
  );
}

function LineOf({ line }: { readonly line: Line }) {
  const { Time, Kind, Text, IsOver, Finding } = line;
  return (
    <li>
      <time dateTime={Time} title={Time} class="number">
        {clockOf(Date.parse(Time))}
      </time>
      <code class="fine">{Kind}</code>
      <span>
        {Finding?.Summary ?? Text} {IsOver && <span class="fine">({say('timeline.over')})</span>}
      </span>
    </li>
  );
}
