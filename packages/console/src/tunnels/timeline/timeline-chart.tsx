import { bitsOf } from '../../parts/bit-rate.ts';
import { language, say } from '../../words/said.ts';
import { kindOfName } from '../tunnel.ts';
import type { Line } from './bands.ts';
import type { Past } from './moment.ts';
import type { Traffic } from './read-past.ts';
import { fractionOf, type TimeWindow } from './time-window.ts';
import { ratesOf } from './traffic-rates.ts';

const width = 600;
/** From the top: what came in and went out, the state, what happened. */
const rows = { middle: 45, state: 96, events: 114, all: 132 } as const;

interface TimelineChartProps {
  readonly window: TimeWindow;
  readonly past: Past;
}

/** Traffic, states and events on one axis. */
export function TimelineChart({ window, past: { traffic, bands, lines } }: TimelineChartProps) {
  const x = (at: number) => fractionOf(window, at) * width;
  const happened = lines.filter(({ Kind }) => Kind !== 'state');
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
        {bands.map((band) => (
          <rect
            key={band.from}
            class={`band ${kindOfName(band.state)}`}
            x={x(band.from)}
            width={Math.max(0.5, x(band.to) - x(band.from))}
            y={rows.state}
            height="12"
          />
        ))}
        {happened.map((line) => (
          <rect
            key={line.LineId}
            class={`happened ${kindOfLine(line)}`}
            x={x(Date.parse(line.Time)) - 1}
            width="2"
            y={rows.events}
            height="14"
          />
        ))}
      </svg>
      <figcaption class="fine number">{traffic !== null && mostOf(traffic)}</figcaption>
    </figure>
  );
}

/** What is found to be wrong stands out from what merely happened. */
function kindOfLine({ Finding, IsOver }: Line): 'bad' | 'waiting' | 'unknown' {
  if (Finding === null || IsOver) return 'unknown';
  return Finding.Severity === 'error' ? 'bad' : 'waiting';
}

function mostOf(traffic: Traffic): string {
  const most = Math.max(0, ...ratesOf(traffic).flatMap((rate) => [rate.in, rate.out]));
  return say('timeline.most', { rate: bitsOf(most), seconds: traffic.stepSeconds });
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
