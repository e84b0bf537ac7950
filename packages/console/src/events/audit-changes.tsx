import type { Reply } from '../calls/call.ts';
import { say } from '../words/said.ts';
import { differences } from './differences.ts';

type AuditEvent = Reply<'DescribeAuditEvents'>['AuditEventSet'][number];

/** What a call changed, field by field, once somebody wants to know. */
export function AuditChanges({ event: { Changes, IsCut } }: { readonly event: AuditEvent }) {
  if (Changes.length === 0) return null;
  return (
    <details>
      <summary>{say('audit.changes', { count: Changes.length })}</summary>
      {Changes.map((change) => (
        <Change key={`${change.Kind} ${change.Id}`} change={change} />
      ))}
      {IsCut && <p class="fine">{say('audit.cut')}</p>}
    </details>
  );
}

function Change({ change: { Kind, Id, Before, After } }: { readonly change: AuditEvent['Changes'][number] }) {
  const news = Before === null ? say('audit.made') : After === null ? say('audit.gone') : '';
  return (
    <div class="change">
      <p>
        {Kind} <code>{Id}</code> <span class="fine">{news}</span>
      </p>
      {differences(Before, After).map(({ field, before, after }) => (
        <code key={field} class="line">
          {field}: {[before, after].filter((value) => value !== null).join(' → ')}
        </code>
      ))}
    </div>
  );
}
