import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { CallError } from '../calls/call-error.ts';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import { fieldOf } from './field-of.ts';
import { NoPolicy } from './policy.ts';

interface CallFormProps {
  /** Of the button that does it. */
  readonly act: string;
  /** Throws what is wrong. */
  readonly go: () => Promise<void>;
  /** As the Action calls them: a refusal that names one of them is shown at it, all others below. */
  readonly fields?: readonly string[];
  readonly children: (wrongWith: (field: string) => string | undefined) => ComponentChildren;
}

/** The inside of a dialog that makes one call. */
export function CallForm({ act, go, fields = [], children }: CallFormProps) {
  const [isGoing, setGoing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const place = fieldOf(problem, fields);
  const submit = async () => {
    setGoing(true);
    setProblem(null);
    await go().catch(setProblem);
    setGoing(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children((field) => (field === place ? textOf(problem) : undefined))}
      {place === undefined && <Problem of={problem} />}
      <div class="buttons">
        <button type="button" onClick={({ currentTarget }) => currentTarget.closest('dialog')?.close()}>
          {say('cancel')}
        </button>
        <button type="submit" class="strong" disabled={isGoing}>
          {act}
        </button>
      </div>
    </form>
  );
}

function textOf(problem: unknown): string {
  if (problem instanceof NoPolicy) return say('policy.notJson', { why: problem.message });
  const message = problem instanceof Error ? problem.message : JSON.stringify(problem);
  if (!(problem instanceof CallError) || problem.requestId === '') return message;
  return `${message} (${say('problem.request')} ${problem.requestId})`;
}
