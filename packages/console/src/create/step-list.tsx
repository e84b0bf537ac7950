import type { ComponentChildren } from 'preact';
import { say } from '../words/said.ts';
import type { Step } from './step.ts';

export type StepState = 'made' | 'going' | 'failed' | 'waiting';

const shapes = { made: '●', going: '◐', failed: '▲', waiting: '○' } as const;
const kinds = { made: 'good', going: 'waiting', failed: 'bad', waiting: 'unknown' } as const;

interface StepListProps {
  readonly steps: readonly Step[];
  readonly stateOf: (step: Step) => StepState;
  /** What is known of a step beside its state. */
  readonly children: (step: Step) => ComponentChildren;
}

/** Steps in their order, each with how far it is. */
export function StepList({ steps, stateOf, children }: StepListProps) {
  return (
    <ol class="steps">
      {steps.map((step) => {
        const state = stateOf(step);
        return (
          <li key={step.key}>
            <span class={`mark ${kinds[state]}`}>
              <span aria-hidden="true">{shapes[state]}</span> {say(`create.run.${state}`)}
            </span>
            <div>
              <p>{say(step.label.word, step.label.values)}</p>
              {children(step)}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
