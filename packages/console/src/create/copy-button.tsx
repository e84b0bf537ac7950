import { useState } from 'preact/hooks';
import { say } from '../words/said.ts';

interface CopyButtonProps {
  /** What is copied, for who does not see where the button stands. */
  readonly of: string;
  readonly text: () => string;
}

export function CopyButton({ of, text }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'notCopied' | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setOutcome('copied');
    } catch {
      // Over HTTP from elsewhere a page has no clipboard.
      setOutcome('notCopied');
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {say('create.copy')} <span class="hidden">{of}</span>
      </button>{' '}
      <span class="fine" role="status">
        {outcome !== null && say(`create.${outcome}`)}
      </span>
    </>
  );
}
