import { Tabs } from '../parts/tabs.tsx';
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
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.keys')}</h1>
      </header>
      <Tabs label={say('keys.tabs')} tabs={tabs} here={tab === 'keys' ? '/keys' : `/keys/${tab}`} />
      {tab === 'keys' && (session.IsAdministrator ? <AllKeys /> : <OwnKey />)}
      {tab === 'webhooks' && <Webhooks />}
      {tab === 'mutes' && <Mutes />}
    </section>
  );
}
