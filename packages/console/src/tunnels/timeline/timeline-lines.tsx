import { say } from '../../words/said.ts';
import type { Line } from './bands.ts';
import type { Story } from './read-past.ts';
import { clockOf } from './timeline-chart.tsx';

/** In the page; all of them are in the chart. */
const mostListed = 100;

/** What happened, in words. */
export function TimelineLines({ story }: { readonly story: Story }) {
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
