import { useMemo } from 'preact/hooks';
import { useSearchParams } from 'wouter-preact';
import { useLoaded } from '../../live/loaded.ts';
import { now } from '../../live/now.ts';
import { useLast } from '../../live/use-last.ts';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import { bandsOf } from './bands.ts';
import { Look } from './look.ts';
import { MomentLine } from './moment-line.tsx';
import type { Past } from './moment.ts';
import { ProbeChart } from './probe-chart.tsx';
import { readStory, readTraffic, type Story } from './read-past.ts';
import { isAtEnd, lastHour, resized, searchOf, shifted, windowOf } from './time-window.ts';
import type { Direction, Length, TimeWindow } from './time-window.ts';
import { TimelineButtons } from './timeline-buttons.tsx';
import { TimelineChart } from './timeline-chart.tsx';
import { TimelineField } from './timeline-field.tsx';
import { TimelineLines } from './timeline-lines.tsx';

/** A week of a tunnel on one axis: what passed, how it was, what happened. The time is part of the address. */
export function TimelinePanel({ id }: { readonly id: Tunnel['VpnConnectionId'] }) {
  const [search, setSearch] = useSearchParams();
  const look = useMemo(() => new Look(), []);
  // Its bounds are those of when it was asked for: they go on, and what is looked at stays.
  const chosen = useMemo(() => windowOf(search, now.peek()), [search.toString()]);
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
  const window = chosen ?? story.value.value?.window ?? traffic.value.value?.window ?? lastHour(now.peek());
  const past = pastOf(useLast(traffic), useLast(story));
  const isLoading = [traffic, story].some(({ at, problem }) => at.value === null && problem.value === null);
  const show = (next: TimeWindow | null) => {
    look.drop();
    setSearch(next === null ? {} : searchOf(next), { replace: chosen !== null });
  };
  const go = (direction: Direction) => {
    // One step after the other: the service answers few such questions at a time.
    if (!isLoading && !isAtEnd(window, direction, now.peek())) show(shifted(window, direction, now.peek()));
  };
  const takeLength = (length: Length) => show(resized(window, length, look.heldIn(window), now.peek()));
  return (
    <section class="panel wide">
      <h2>{say('tunnel.events')}</h2>
      <TimelineButtons
        {...{ window, isLive: chosen === null }}
        {...{ onLength: takeLength, onGo: go, onNow: () => show(null) }}
      />
      <Problem of={traffic.problem.value} again={() => void traffic.refresh(false)} />
      <Problem of={story.problem.value} again={() => void story.refresh(false)} />
      <MomentLine look={look} window={window} past={past} />
      <TimelineField {...{ look, window, past, isLoading }} onShow={show} onGo={go}>
        <TimelineChart window={window} past={past} />
        {past.traffic !== null && <ProbeChart window={window} traffic={past.traffic} />}
      </TimelineField>
      {story.value.value !== null && <TimelineLines story={story.value.value} />}
    </section>
  );
}

function pastOf(traffic: Past['traffic'], story: Story | null): Past {
  if (story === null) return { traffic, bands: [], lines: [] };
  return { traffic, bands: bandsOf(story.lines, story.window, now.peek()), lines: story.lines };
}
