import { CallError } from '../calls/call-error.ts';
import { NamedText } from '../names/named-text.tsx';
import { idsIn } from '../names/text-parts.ts';
import { useNames } from '../names/use-names.ts';
import { say } from '../words/said.ts';

interface ProblemProps {
  readonly of: unknown;
  readonly again?: () => void;
}

/** A failure, where the call was made, with what the service's log knows it by. */
export function Problem({ of, again }: ProblemProps) {
  const message = messageOf(of);
  const { code, requestId, region } = of instanceof CallError ? of : { code: '', requestId: '', region: undefined };
  useNames(idsIn([message]), region);
  if (of === null || of === undefined) return null;
  return (
    <div class="problem" role="alert">
      <p>
        <NamedText of={message} />
      </p>
      {requestId !== '' && (
        <p class="fine">
          <code>{code}</code> · {say('problem.request')} <code>{requestId}</code>
        </p>
      )}
      {again !== undefined && (
        <button type="button" onClick={again}>
          {say('problem.again')}
        </button>
      )}
    </div>
  );
}

function messageOf(problem: unknown): string {
  if (problem === null || problem === undefined) return '';
  return problem instanceof Error ? problem.message : JSON.stringify(problem);
}
