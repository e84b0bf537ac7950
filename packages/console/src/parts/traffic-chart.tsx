import type { Reply } from '../calls/call.ts';
import { say } from '../words/said.ts';

type Point = Reply<'DescribeTunnelHistory'>['PointSet'][number];

const [width, height] = [600, 90];

/** What came in above the line and what went out below it, as bits a second. */
export function TrafficChart({ points, stepSeconds, from, to }: TrafficChartProps) {
  const counted = points.filter(({ CountedMs }) => CountedMs > 0);
  if (counted.length === 0) return <p class="empty">{say('tunnel.noTraffic')}</p>;
  const rates = counted.map(({ Time, CountedMs, InBytes, OutBytes }) => ({
    at: Date.parse(Time),
    in: (InBytes * 8000) / CountedMs,
    out: (OutBytes * 8000) / CountedMs,
  }));
  const most = Math.max(1, ...rates.flatMap((rate) => [rate.in, rate.out]));
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const middle = height / 2;
  const x = (at: number) => ((at - start) / (end - start)) * width;
  const barWidth = Math.max(1, (stepSeconds * 1000 * width) / (end - start) - 1);
  const last = rates.at(-1);
  const label = `${say('tunnel.in')} ${bitsOf(last?.in ?? 0)}, ${say('tunnel.out')} ${bitsOf(last?.out ?? 0)}`;
  return (
    <figure class="traffic">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <line x1="0" x2={width} y1={middle} y2={middle} class="axis" />
        {rates.map((rate) => (
          <g key={rate.at}>
            <rect class="in" x={x(rate.at)} width={barWidth} {...up(rate.in / most, middle)} />
            <rect class="out" x={x(rate.at)} width={barWidth} y={middle} height={(rate.out / most) * (middle - 2)} />
          </g>
        ))}
      </svg>
      <figcaption class="fine number">
        {label} · ≤ {bitsOf(most)}
      </figcaption>
    </figure>
  );
}

export interface TrafficChartProps {
  readonly points: readonly Point[];
  readonly stepSeconds: number;
  readonly from: string;
  readonly to: string;
}

function up(part: number, middle: number) {
  const tall = part * (middle - 2);
  return { y: middle - tall, height: tall };
}

const bitUnits = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'] as const;

/** `12.4 Mbit/s`. */
export function bitsOf(bitsPerSecond: number): string {
  let [value, unit] = [bitsPerSecond, 0];
  for (; value >= 1000 && unit < bitUnits.length - 1; unit++) value /= 1000;
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${bitUnits[unit] ?? ''}`;
}
