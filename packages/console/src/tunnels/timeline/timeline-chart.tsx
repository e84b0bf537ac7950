import { bitsOf } from '../../parts/bit-rate.ts';
import { language, say } from '../../words/said.ts';
import { kindOfName } from '../tunnel.ts';
import { bandsOf, type Line } from './bands.ts';
import type { Traffic } from './read-past.ts';
import type { TimeWindow } from './time-window.ts';

const width = 600;
/** From the top: what came in and went out, the state, what happened. */
const rows = { middle: 45, state: 96, events: 114, all: 132 } as const;

interface TimelineChartProps {
  readonly window: TimeWindow;
  readonly traffic: Traffic | null;
  readonly lines: readonly Line[];
}

/** Traffic, states and events on one axis. */
export function TimelineChart({ window, traffic, lines }: TimelineChartProps) {
  const { from, to } = window;
  const x = (at: number) => ((at - from) / (to - from)) * width;
  const happened = lines.filter(({ Kind, Time }) => Kind !== 'state' && Date.parse(Time) >= from);
  return (
    <figure class="traffic">
      <svg
        viewBox={`0 0 ${width} ${rows.all}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say('timeline.chart')}
      >
        <line x1="0" x2={width} y1={rows.middle} y2={rows.middle} class="axis" />
        {traffic !== null && <TrafficBars traffic={traffic} x={x} />}
        {bandsOf(lines, window, Date.now()).map((band) => (
          <rect
            key={band.from}
            class={`band ${kindOfName(band.state)}`}
            x={x(band.from)}
            width={Math.max(0.5, x(band.to) - x(band.from))}
            y={rows.state}
            height="12"
          >
            <title>{`${band.state} ${clockOf(band.from)} – ${clockOf(band.to)}`}</title>
          </rect>
        ))}
        {happened.map((line) => (
          <rect
            key={line.LineId}
            class={`happened ${kindOfLine(line)}`}
            x={x(Date.parse(line.Time)) - 1}
            width="2"
            y={rows.events}
            height="14"
          >
            <title>{`${clockOf(Date.parse(line.Time))} ${line.Text}`}</title>
          </rect>
        ))}
      </svg>
      <figcaption class="fine number ends">
        <span>{clockOf(from)}</span>
        <span>{traffic !== null && mostOf(traffic)}</span>
        <span>{clockOf(to)}</span>
      </figcaption>
    </figure>
  );
}

/** What is found to be wrong stands out from what merely happened. */
function kindOfLine({ Finding, IsOver }: Line): 'bad' | 'waiting' | 'unknown' {
  if (Finding === null || IsOver) return 'unknown';
  return Finding.Severity === 'error' ? 'bad' : 'waiting';
}

function ratesOf({ points }: Traffic) {
  return points
    .filter(({ CountedMs }) => CountedMs > 0)
    .map(({ Time, CountedMs, InBytes, OutBytes }) => ({
      at: Date.parse(Time),
      in: (InBytes * 8000) / CountedMs,
      out: (OutBytes * 8000) / CountedMs,
    }));
}

function mostOf(traffic: Traffic): string {
  const most = Math.max(0, ...ratesOf(traffic).flatMap((rate) => [rate.in, rate.out]));
  return `${say('tunnel.in')} / ${say('tunnel.out')} ≤ ${bitsOf(most)}`;
}

function TrafficBars({ traffic, x }: { readonly traffic: Traffic; readonly x: (at: number) => number }) {
  const rates = ratesOf(traffic);
  const most = Math.max(1, ...rates.flatMap((rate) => [rate.in, rate.out]));
  const tall = (rate: number) => (rate / most) * (rows.middle - 2);
  return (
    <>
      {rates.map((rate) => {
        const barWidth = Math.max(0.3, (x(rate.at + traffic.stepSeconds * 1000) - x(rate.at)) * 0.85);
        return (
          <g key={rate.at}>
            <rect class="in" x={x(rate.at)} width={barWidth} y={rows.middle - tall(rate.in)} height={tall(rate.in)} />
            <rect class="out" x={x(rate.at)} width={barWidth} y={rows.middle} height={tall(rate.out)} />
          </g>
        );
      })}
    </>
  );
}

/** As the clock of whoever looks says it. */
export function clockOf(at: number): string {
  return new Date(at).toLocaleString(language.value === 'zh' ? 'zh-CN' : 'en-GB');
}
