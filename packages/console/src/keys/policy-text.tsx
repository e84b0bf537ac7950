import { say } from '../words/said.ts';
import { presetOf, type Policy, type Statement } from './policy.ts';

/** What a key may do, in words. */
export function PolicyText({ policy }: { readonly policy: Policy | null }) {
  const preset = presetOf(policy);
  if (preset !== undefined || policy === null) return <>{say(`policy.preset.${preset ?? 'all'}`)}</>;
  const { Statements, ShowsSecrets = false } = policy;
  return (
    <ul>
      {Statements.map((statement) => (
        <li key={JSON.stringify(statement)}>{statementText(statement)}</li>
      ))}
      <li class="fine">{say(ShowsSecrets ? 'policy.secretsShown' : 'policy.secretsHidden')}</li>
    </ul>
  );
}

function statementText({ Access, Actions, Resources, Tags }: Statement): string {
  const what = say(Access === 'read' ? 'policy.looks' : 'policy.changes', {
    actions: Actions?.join(', ') ?? say('policy.everything'),
  });
  return [
    what,
    ...(Resources === undefined ? [] : [say('policy.onlyOf', { ids: Resources.join(', ') })]),
    ...(Tags === undefined
      ? []
      : [say('policy.onlyTagged', { tags: Tags.map(({ Key, Value }) => `${Key}=${Value}`).join(', ') })]),
  ].join(' · ');
}
