import { Link } from 'wouter-preact';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { AllKeys } from './all-keys.tsx';
import { Mutes } from './mutes.tsx';
import { OwnKey } from './own-key.tsx';
import { Webhooks } from './webhooks.tsx';

const tabs = [
  { href: '/keys', word: 'keys.tabKeys' },
  { href: '/keys/webhooks', word: 'keys.tabWebhooks' },
  { href: '/keys/mutes', word: 'keys.tabMutes' },
] as const;

export type KeysTab = 'keys' | 'webhooks' | 'mutes';

/** Who may come in, who is told, and what nobody is told of. */
export function KeysPage({ tab }: { readonly tab: KeysTab }) {
  useTitle(say('nav.keys'));
  const { session } = useWorld();
  const here = tab === 'keys' ? '/keys' : `/keys/${tab}`;
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.keys')}</h1>
      </header>
      <nav class="tabs" aria-label={say('keys.tabs')}>
        {tabs.map(({ href, word }) => (
          <Link key={href} href={href} aria-current={href === here ? 'page' : undefined}>
            {say(word)}
          </Link>
        ))}
      </nav>
      {tab === 'keys' && (session.IsAdministrator ? <AllKeys /> : <OwnKey />)}
      {tab === 'webhooks' && <Webhooks />}
      {tab === 'mutes' && <Mutes />}
    </section>
  );
}
