import { useEffect, useState } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { newToken } from '../calls/client-token.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import type { WordKey } from '../words/words.ts';
import type { Change } from './change.ts';
import { ClashTable } from './clash-table.tsx';
import type { Clash } from './difference.ts';
import { EffectFacts } from './effect-facts.tsx';
import type { Preview } from './effect.ts';
import { EditTable, type Edit } from './edit-table.tsx';
import { serviceOf } from './service-of.ts';

interface ChangeDialogProps {
  readonly title: string;
  /** One after the other: each is previewed once those before it are made. */
  readonly changes: readonly Change[];
  readonly region: string;
  /** What a form says otherwise than the object; absent: what is done says it all. */
  readonly edits?: readonly Edit[];
  /** What the button that does it says. */
  readonly applyWord?: WordKey;
  /** What somebody else changed, as far as it was heard. */
  readonly clashes: readonly Clash[];
  /** The same, asked anew. */
  readonly recheck: () => Promise<readonly Clash[]>;
  readonly labelOf: (field: string) => string;
  readonly onClose: () => void;
  /** All of them are made. */
  readonly onDone: () => void;
}

/** Shows what changes would do, and makes them. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { title, changes, region, labelOf, recheck, onClose, onDone } = props;
  const { edits = [], applyWord = 'change.apply' } = props;
  const [step, setStep] = useState(0);
  const [tokens] = useState(() => changes.map(newToken));
  const [isGoing, setGoing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [found, setFound] = useState<readonly Clash[]>([]);
  const asked = changes[step];
  const { preview, refusal, again } = usePreview(asked, region);
  // What was made here already is no news of somebody else's.
  const clashes = step > 0 ? [] : props.clashes.length > 0 ? props.clashes : found;

  const apply = async (change: Change) => {
    setGoing(true);
    setProblem(null);
    try {
      const moved = step === 0 ? await recheck() : [];
      setFound(moved);
      if (moved.length > 0) return;
      await call(change.action, { ...change.parameters, ClientToken: tokens[step] }, { region });
      if (step + 1 === changes.length) onDone();
      else setStep(step + 1);
    } catch (error) {
      setProblem(error);
    } finally {
      setGoing(false);
    }
  };
  if (asked === undefined) return null;
  return (
    <Dialog title={title} onClose={onClose}>
      {changes.length > 1 && <p class="fine">{say('change.step', { step: step + 1, all: changes.length })}</p>}
      <p>
        <code>{asked.action}</code>
      </p>
      <EditTable {...{ edits, region }} />
      {preview === null && refusal === null && <p class="fine">{say('change.asking')}</p>}
      {preview !== null && <EffectFacts {...{ preview, region }} />}
      <Problem of={refusal} again={again} />
      <Problem of={problem} />
      <ClashTable {...{ clashes, labelOf, region }} />
      <form method="dialog" class="buttons">
        <button type="submit">{say('cancel')}</button>
        <button
          type="button"
          class="strong"
          disabled={preview === null || isGoing || clashes.length > 0}
          onClick={() => void apply(asked)}
        >
          {say(applyWord)}
        </button>
      </form>
    </Dialog>
  );
}

interface Answer {
  readonly of: Change;
  readonly preview: Preview | null;
  readonly refusal: unknown;
}

/** Asks what the change would do, each time that it is another one. */
function usePreview(change: Change | undefined, region: string) {
  const [turn, setTurn] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (change === undefined) return;
    const left = new AbortController();
    const { signal } = left;
    setAnswer(null);
    const { action: Action, parameters: Parameters } = change;
    const asked = { Service: serviceOf(Action), Action, Parameters } as const;
    call('PreviewChanges', asked, { region, signal }).then(
      (preview) => setAnswer({ of: change, preview, refusal: null }),
      (refusal: unknown) => {
        if (!signal.aborted) setAnswer({ of: change, preview: null, refusal });
      },
    );
    return () => left.abort();
  }, [change, turn]);
  // Of the change before it is none of this one's.
  const { preview, refusal } = answer !== null && answer.of === change ? answer : { preview: null, refusal: null };
  return { preview, refusal, again: () => setTurn(turn + 1) };
}
