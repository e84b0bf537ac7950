import { Route, Switch } from 'wouter-preact';
import { OverviewPage } from './overview/overview-page.tsx';
import { TunnelPage } from './tunnels/tunnel-page.tsx';
import { TunnelsPage } from './tunnels/tunnels-page.tsx';
import { say } from './words/said.ts';
import type { WordKey } from './words/words.ts';

/** What the rail leads to, in its order. */
export const navigation: readonly { readonly href: string; readonly word: WordKey }[] = [
  { href: '/', word: 'nav.overview' },
  { href: '/tunnels', word: 'nav.tunnels' },
];

/** The page of the address, below /console. */
export function Pages() {
  return (
    <Switch>
      <Route path="/">
        <OverviewPage />
      </Route>
      <Route path="/tunnels">
        <TunnelsPage />
      </Route>
      <Route path="/tunnels/:id">{({ id }) => <TunnelPage id={id} />}</Route>
      <Route>
        <p class="empty">{say('nav.nowhere')}</p>
      </Route>
    </Switch>
  );
}
