import { useSearchParams } from 'wouter-preact';
import { call, type Parameters, type Reply } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { resting } from '../live/resting.ts';
import { Problem } from '../parts/problem.tsx';
import { ResourceLink } from '../parts/resource-link.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld, type World } from '../world.ts';
import { BackInTime } from './back-in-time.tsx';
import { EventTabs } from './event-tabs.tsx';
import { FilterForm, type Criterion } from './filter-form.tsx';
import { shownTime } from './moments.ts';

type Event = Reply<'DescribeEvents'>['EventSet'][number];

const isKind: Readonly<Record<Event['Kind'], true>> = {
  ...{ 'tunnel-up': true, 'tunnel-down': true, 'state-changed': true, 'finding-raised': true, 'finding-cleared': true },
  ...{ 'probe-answered': true, 'probe-failed': true, 'probe-recovered': true, 'tunnel-withdrawn': true },
  ...{ 'held-down': true, 'tunnel-returned': true, 'route-switched': true },
  ...{ 'range-announced': true, 'range-withdrawn': true },
};
const kinds = Object.keys(isKind) as readonly Event['Kind'][];

/** What happened to tunnels and gateways, the newest first. */
export function EventsPage() {
  useTitle(say('nav.events'));
  const world = useWorld();
  const [search, setSearch] = useSearchParams();
  const events = useLoaded(search.toString(), () => ({
    kinds: search.has('before') ? [] : ['tunnelStates', 'vpnConnections', 'vpnGateways'],
    everyMs: 15_000,
    // The service counts all that fit: of an account with many tunnels that takes a while.
    load: resting((isBackground) => call('DescribeEvents', askedBy(search), { isBackground })),
  }));
  const { EventSet, TotalCount = 0 } = events.value.value ?? {};
  const oldest = EventSet?.at(-1);
  const isMore = EventSet !== undefined && TotalCount > EventSet.length;
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.events')}</h1>
        <EventTabs here="/events" />
        <ShownAge at={events.at} />
      </header>
      <FilterForm
        criteria={criteria()}
        search={search}
        onShow={({ resource, ...others }) =>
          setSearch(resource === undefined ? others : { ...others, resource: idOf(resource.trim(), world) })
        }
      />
      <Problem of={events.problem.value} again={() => void events.refresh(false)} />
      {EventSet?.length === 0 && <p class="empty">{say('events.none')}</p>}
      <ol class="events happened" aria-label={say('events.what')}>
        {EventSet?.map((event) => (
          <EventLine key={event.EventId} event={event} />
        ))}
      </ol>
      <BackInTime page="/events" search={search} before={isMore && oldest !== undefined ? oldest.EventId : null} />
    </section>
  );
}

function EventLine({ event: { Time, Kind, ResourceId, Message } }: { readonly event: Event }) {
  return (
    <li>
      <time dateTime={Time} title={Time} class="number">
        {shownTime(Time)}
      </time>
      <span>{say(`event.${Kind}`)}</span>
      <ResourceLink id={ResourceId} />
      <span>{Message}</span>
    </li>
  );
}

function criteria(): readonly Criterion[] {
  const choices = [
    { value: '', name: say('events.anyKind') },
    ...kinds.map((kind) => ({ value: kind, name: say(`event.${kind}`) })),
  ];
  return [
    { name: 'resource', label: say('events.resource'), hint: say('events.resourceHint'), kind: 'text' },
    { name: 'kind', label: say('events.kind'), kind: 'choice', choices },
    { name: 'from', label: say('events.from'), kind: 'moment' },
    { name: 'to', label: say('events.to'), kind: 'moment' },
  ];
}

/** What the address of the page asks for. The service says what is wrong with it. */
function askedBy(search: URLSearchParams): Parameters<'DescribeEvents'> {
  const [resource, kind, from, to, before] = ['resource', 'kind', 'from', 'to', 'before'].map((name) =>
    search.get(name),
  );
  return {
    Limit: 100,
    ...(resource ? { ResourceId: resource } : {}),
    ...(kind ? { Kinds: [kind as Event['Kind']] } : {}),
    ...(from ? { Since: from } : {}),
    ...(to ? { Until: to } : {}),
    ...(before ? { BeforeEventId: Number(before) } : {}),
  };
}

/** Of a tunnel or a gateway by its name; what is no name is an id. */
function idOf(text: string, { tunnels, gateways }: World): string {
  const name = text.toLowerCase();
  const tunnel = tunnels.tunnels.value?.find(({ VpnConnectionName }) => VpnConnectionName.toLowerCase() === name);
  const gateway = [...(gateways.value.value?.values() ?? [])].find(
    ({ VpnGatewayName }) => VpnGatewayName.toLowerCase() === name,
  );
  return tunnel?.VpnConnectionId ?? gateway?.VpnGatewayId ?? text;
}
