import type { Condition } from '../domain/operator/condition.ts';
import type { EventSink } from '../domain/operator/event.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { NewLine } from '../domain/operator/timeline.ts';
import type { ToldLine } from '../drivers/told-lines.ts';
import type { PlanKey } from '../plan/plan.ts';
import type { PlannedConnections } from './planned-connections.ts';
import { programVersion } from '../platform/program-version.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { ConditionLines } from '../recorder/condition-lines.ts';
import { planLine } from '../recorder/plan-line.ts';
import { Recorder, type RecorderOptions } from '../recorder/recorder.ts';
import { TunnelLines } from '../recorder/tunnel-lines.ts';

const conditionsMs = 5000;

/** The flight recorder, and how what happens in the agent becomes its lines. */
export class FlightRecording {
  readonly recorder: Recorder;
  readonly noteLine: (line: NewLine) => void;

  constructor(options: Omit<RecorderOptions, 'clock'>) {
    this.recorder = new Recorder({ ...options, clock });
    this.noteLine = (line) => this.recorder.note(line);
    this.noteLine({ subject: 'host', kind: 'condition', text: `the agent ${programVersion} starts` });
  }

  /** What is told to somebody else is written down as well. */
  beside(sink: EventSink): EventSink {
    return (event) => {
      sink(event);
      const { resourceId, kind, message } = event;
      this.noteLine({ subject: resourceId, kind: 'event', text: `${kind}: ${message}` });
    };
  }

  readonly noteApplied = (key: PlanKey, generation: number, lines: readonly ToldLine[]): void => {
    const line = planLine(key, generation, lines);
    if (line !== null) this.noteLine(line);
  };

  followTunnels(observed: ObservedState, connections: PlannedConnections): void {
    const lines = new TunnelLines(this.noteLine, clock, (tunnel) => connections.of(tunnel)?.negotiation);
    observed.onTunnel((now) => lines.observe(now));
  }

  /** Until the signal aborts. */
  async followConditions(readConditions: () => readonly Condition[], signal: AbortSignal): Promise<void> {
    const lines = new ConditionLines(this.noteLine);
    while (!signal.aborted) {
      lines.observe(readConditions());
      await clock.delay(conditionsMs, signal).catch(() => undefined);
    }
  }
}
