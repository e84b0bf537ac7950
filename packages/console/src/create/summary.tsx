import { useEffect, useState } from 'preact/hooks';
import { NamedText } from '../names/named-text.tsx';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import { isPreviewable, previewOf, type Preview } from './previews.ts';
import { StageButtons } from './stage-form.tsx';
import { StepList } from './step-list.tsx';
import type { Step } from './step.ts';

interface SummaryProps {
  readonly steps: readonly Step[];
  readonly made: ReadonlyMap<string, string>;
  readonly region: string;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** The third stage: what will be made, and what the service says to it now. */
export function Summary({ steps, made, region, onBack, onNext }: SummaryProps) {
  const previews = usePreviews(steps, made, region);
  return (
    <section class="panel">
      <h2>{say('create.summary.steps')}</h2>
      <StepList steps={steps} stateOf={({ key }) => (made.has(key) ? 'made' : 'waiting')}>
        {({ key }) => previews.has(key) && <PreviewLines of={previews.get(key)} />}
      </StepList>
      <p class="fine">{say('create.summary.later')}</p>
      <StageButtons onBack={onBack}>
        <button type="button" class="strong" onClick={onNext}>
          {say('create.start')}
        </button>
      </StageButtons>
    </section>
  );
}

type Outcome = { readonly preview: Preview } | { readonly problem: unknown };

/** One after the other, as they cost the service something. */
function usePreviews(
  steps: readonly Step[],
  made: ReadonlyMap<string, string>,
  region: string,
): ReadonlyMap<string, Outcome> {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  useEffect(() => {
    let isOver = false;
    const ask = async () => {
      for (const step of steps) {
        if (made.has(step.key) || !isPreviewable(step)) continue;
        const outcome = await previewOf(step, region).then(
          (preview) => ({ preview }),
          (problem: unknown) => ({ problem }),
        );
        if (isOver) return;
        setOutcomes((before) => new Map([...before, [step.key, outcome]]));
      }
    };
    void ask();
    return () => {
      isOver = true;
    };
  }, [steps]);
  return outcomes;
}

function PreviewLines({ of }: { readonly of: Outcome | undefined }) {
  if (of === undefined) return null;
  if ('problem' in of) return <Problem of={of.problem} />;
  const { Tunnels, Reachability } = of.preview;
  const interrupted = Tunnels.filter(({ Effect }) => Effect === 'interruption').map(({ VpnConnectionId: id }) => id);
  const [more, less] = [
    Reachability.filter(({ After }) => After === 'yes'),
    Reachability.filter(({ After }) => After === 'no'),
  ];
  return (
    <>
      <p class="fine">{say('create.summary.checked')}</p>
      {interrupted.length > 0 && (
        <p class="mark bad">
          <NamedText of={say('create.summary.interrupts', { names: interrupted.join(', ') })} />
        </p>
      )}
      {Reachability.length > 0 && (
        <p class="fine">{say('create.summary.reach', { more: more.length, less: less.length })}</p>
      )}
    </>
  );
}
