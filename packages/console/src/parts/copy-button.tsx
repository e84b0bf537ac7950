import { useState } from 'preact/hooks';
import { say } from '../words/said.ts';

interface CopyButtonProps {
  /** What is copied, for who does not see where the button stands. */
  readonly of: string;
  readonly text: () => string;
}

/** Says what became of it beside itself. */
export function CopyButton({ of, text }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'done' | 'not' | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setOutcome('done');
    } catch {
      // Over HTTP from elsewhere a page has no clipboard.
      setOutcome('not');
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {say('copy.it')} <span class="hidden">{of}</span>
      </button>{' '}
      <span class="fine" role="status">
        {outcome !== null && say(`copy.${outcome}`, { name: of })}
      </span>
    </>
  );
}
