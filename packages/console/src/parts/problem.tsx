import { CallError } from '../calls/call-error.ts';
import { say } from '../words/said.ts';

/** A failure, where the call was made, with what the service's log knows it by. */
export function Problem({ of, again }: { readonly of: unknown; readonly again?: () => void }) {
  if (of === null || of === undefined) return null;
  const { code, requestId } = of instanceof CallError ? of : { code: '', requestId: '' };
  const message = of instanceof Error ? of.message : JSON.stringify(of);
  return (
    <div class="problem" role="alert">
      <p>{message}</p>
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
