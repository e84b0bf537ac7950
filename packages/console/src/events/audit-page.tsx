import { useSearchParams } from 'wouter-preact';
import { call, type Parameters, type Reply } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { ResourceLink } from '../parts/resource-link.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { AuditChanges } from './audit-changes.tsx';
import { BackInTime } from './back-in-time.tsx';
import { EventTabs } from './event-tabs.tsx';
import { FilterForm, type Criterion } from './filter-form.tsx';
import { shownTime } from './moments.ts';

type AuditEvent = Reply<'DescribeAuditEvents'>['AuditEventSet'][number];

/** Who asked for what, and what became of it, the newest first. */
export function AuditPage() {
  useTitle(say('events.audit'));
  const { session } = useWorld();
  const [search, setSearch] = useSearchParams();
  const audit = useLoaded(search.toString(), () => ({
    ...{ kinds: [], everyMs: 15_000 },
    load: (isBackground: boolean) => call('DescribeAuditEvents', askedBy(search), { isBackground }),
  }));
  const { AuditEventSet, NextBeforeEventId = null } = audit.value.value ?? {};
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.events')}</h1>
        <EventTabs here="/events/audit" />
        <ShownAge at={audit.at} />
      </header>
      <FilterForm criteria={criteria(session.IsAdministrator)} search={search} onShow={(asked) => setSearch(asked)} />
      <Problem of={audit.problem.value} again={() => void audit.refresh(false)} />
      {AuditEventSet?.length === 0 && <p class="empty">{say('events.none')}</p>}
      <ol class="events audit" aria-label={say('events.audit')}>
        {AuditEventSet?.map((event) => (
          <AuditLine key={event.EventId} event={event} />
        ))}
      </ol>
      <BackInTime page="/events/audit" search={search} before={NextBeforeEventId} />
    </section>
  );
}

function AuditLine({ event }: { readonly event: AuditEvent }) {
  const { Time, AccountName, SecretId, RemoteAddress, ActionName, Resources, Code, Count, RequestIdOfCall } = event;
  const isRefused = Code !== '';
  return (
    <li>
      <time dateTime={Time} title={Time} class="number">
        {shownTime(Time)}
      </time>
      <span>
        {AccountName || say('audit.nobody')} <code class="fine">{SecretId}</code>{' '}
        <code class="fine">{RemoteAddress}</code>
      </span>
      <strong>{ActionName}</strong>
      <span class={`mark ${isRefused ? 'bad' : 'good'}`}>
        <span aria-hidden="true">{isRefused ? '▲' : '●'}</span> {isRefused ? Code : say('audit.succeeded')}
        {Count > 1 && ` · ${say('audit.times', { count: Count })}`}
      </span>
      <div class="more">
        {Resources.map((id) => (
          <ResourceLink key={id} id={id} />
        ))}
        <code class="fine">
          {say('audit.request')} {RequestIdOfCall}
        </code>
        <AuditChanges event={event} />
      </div>
    </li>
  );
}

function criteria(isAdministrator: boolean): readonly Criterion[] {
  const choices = [
    { value: '', name: say('audit.anyOutcome') },
    { value: 'succeeded', name: say('audit.succeeded') },
    { value: 'refused', name: say('audit.refused') },
  ];
  const account: Criterion = { name: 'account', label: say('audit.account'), kind: 'text' };
  return [
    ...(isAdministrator ? [account] : []),
    { name: 'action', label: say('audit.action'), kind: 'text' },
    { name: 'resource', label: say('audit.resource'), hint: say('audit.resourceHint'), kind: 'text' },
    { name: 'outcome', label: say('audit.outcome'), kind: 'choice', choices },
    { name: 'request', label: say('audit.request'), kind: 'text' },
    { name: 'from', label: say('events.from'), kind: 'moment' },
    { name: 'to', label: say('events.to'), kind: 'moment' },
  ];
}

/** What the address of the page asks for. The service says what is wrong with it. */
function askedBy(search: URLSearchParams): Parameters<'DescribeAuditEvents'> {
  const { account, action, resource, outcome, request, from, to, before } = Object.fromEntries(
    [...search].map(([name, value]) => [name, value.trim()]),
  );
  return {
    Limit: 50,
    ...(account ? { AccountName: account } : {}),
    ...(action ? { ActionName: action } : {}),
    ...(resource ? { ResourceId: resource } : {}),
    ...(outcome ? { Outcome: outcome as 'succeeded' | 'refused' } : {}),
    ...(request ? { RequestIdOfCall: request } : {}),
    ...(from ? { Since: from } : {}),
    ...(to ? { Until: to } : {}),
    ...(before ? { BeforeEventId: Number(before) } : {}),
  };
}
