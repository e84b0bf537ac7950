import { Redirect, Route, Switch } from 'wouter-preact';
import { CreatePage } from './create/create-page.tsx';
import { PeersPage } from './create/peers-page.tsx';
import { AuditPage } from './events/audit-page.tsx';
import { EventsPage } from './events/events-page.tsx';
import { HostPage } from './host/host-page.tsx';
import { PlanPage } from './host/plan-page.tsx';
import { KeysPage } from './keys/keys-page.tsx';
import { NetworkPage } from './network/network-page.tsx';
import { ObjectPage } from './objects/object-page.tsx';
import { ObjectsPage } from './objects/objects-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { RoutesPage } from './routes/routes-page.tsx';
import { TunnelPage } from './tunnels/tunnel-page.tsx';
import { TunnelsPage } from './tunnels/tunnels-page.tsx';
import { say } from './words/said.ts';
import type { WordKey } from './words/words.ts';

/** What the rail leads to, in its order. */
export const navigation: readonly { readonly href: string; readonly word: WordKey }[] = [
  { href: '/', word: 'nav.overview' },
  { href: '/network', word: 'nav.network' },
  { href: '/tunnels', word: 'nav.tunnels' },
  { href: '/routes', word: 'nav.routes' },
  { href: '/objects', word: 'nav.objects' },
  { href: '/events', word: 'nav.events' },
  { href: '/keys', word: 'nav.keys' },
  { href: '/host', word: 'nav.host' },
];

/** The page of the address, below /console. */
export function Pages() {
  return (
    <Switch>
      <Route path="/">
        <OverviewPage />
      </Route>
      <Route path="/network">
        <NetworkPage />
      </Route>
      <Route path="/tunnels">
        <TunnelsPage />
      </Route>
      <Route path="/tunnels/:id">{({ id }) => <TunnelPage id={id} />}</Route>
      <Route path="/create">
        <CreatePage />
      </Route>
      <Route path="/create/peers">
        <PeersPage />
      </Route>
      <Route path="/routes">
        <RoutesPage />
      </Route>
      <Route path="/objects">
        <Redirect to="/objects/tunnels" replace />
      </Route>
      <Route path="/objects/:slug">{({ slug }) => <ObjectsPage slug={slug} />}</Route>
      <Route path="/objects/:slug/:id">{({ slug, id }) => <ObjectPage slug={slug} id={id} />}</Route>
      <Route path="/events">
        <EventsPage />
      </Route>
      <Route path="/events/audit">
        <AuditPage />
      </Route>
      <Route path="/keys">
        <KeysPage tab="keys" />
      </Route>
      <Route path="/keys/webhooks">
        <KeysPage tab="webhooks" />
      </Route>
      <Route path="/keys/mutes">
        <KeysPage tab="mutes" />
      </Route>
      <Route path="/host">
        <HostPage />
      </Route>
      <Route path="/host/plans/:id">{({ id }) => <PlanPage key={id} id={id} />}</Route>
      <Route>
        <p class="empty">{say('nav.nowhere')}</p>
      </Route>
    </Switch>
  );
}
