import { say } from '../../words/said.ts';
import { probeNumbers, type DelayAt, type ProbeNumbers } from './probe-numbers.ts';
import type { Traffic } from './read-past.ts';
import { fractionOf, type TimeWindow } from './time-window.ts';

const width = 600;
const height = 48;

interface ProbeChartProps {
  readonly window: TimeWindow;
  readonly traffic: Traffic;
}

/** Delay and loss of the health check, on the time axis of the traffic. */
export function ProbeChart({ window, traffic }: ProbeChartProps) {
  const numbers = probeNumbers(traffic);
  if (numbers === null) return <p class="fine">{say('timeline.noProbes')}</p>;
  const x = (at: number) => fractionOf(window, at) * width;
  const stepMs = traffic.stepSeconds * 1000;
  const most = Math.max(0.1, numbers.mostDelayMs);
  const y = (delayMs: number) => height - 1 - (delayMs / most) * (height - 3);
  // A step that stands alone has no length as a line.
  const pathOf = (line: readonly DelayAt[]) =>
    line.map(({ at, delayMs }, index) => `${index === 0 ? 'M' : 'L'}${x(at)} ${y(delayMs)}H${x(at + stepMs)}`).join('');
  const summary = summaryOf(numbers);
  return (
    <figure class="traffic probes">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        {numbers.losses.map(({ at, ratio }) => (
          <rect
            key={at}
            class="loss"
            x={x(at)}
            width={Math.max(0.5, x(at + stepMs) - x(at))}
            y={height * (1 - ratio)}
            height={height * ratio}
          />
        ))}
        {numbers.lines.map((line) => (
          <path key={line[0]?.at} class="delay" d={pathOf(line)} />
        ))}
        <line x1="0" x2={width} y1={height} y2={height} class="axis" />
      </svg>
      <figcaption class="fine number">{summary}</figcaption>
    </figure>
  );
}

function summaryOf({ meanDelayMs, mostDelayMs, lossRatio }: ProbeNumbers): string {
  const loss = lossOf(lossRatio);
  if (meanDelayMs === null) return say('timeline.probesLost', { loss });
  return say('timeline.probes', { mean: meanDelayMs.toFixed(1), most: mostDelayMs.toFixed(1), loss });
}

export function lossOf(ratio: number): string {
  return `${(ratio * 100).toFixed(ratio > 0 && ratio < 0.01 ? 2 : 0)} %`;
}
