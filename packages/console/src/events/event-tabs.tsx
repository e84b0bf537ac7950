import { Link } from 'wouter-preact';
import { say } from '../words/said.ts';

const tabs = [
  { href: '/events', word: 'events.what' },
  { href: '/events/audit', word: 'events.audit' },
] as const;

/** What happened to the network, and who asked for what. */
export function EventTabs({ here }: { readonly here: (typeof tabs)[number]['href'] }) {
  return (
    <nav class="tabs" aria-label={say('events.tabs')}>
      {tabs.map(({ href, word }) => (
        <Link key={href} href={href} aria-current={href === here ? 'page' : undefined}>
          {say(word)}
        </Link>
      ))}
    </nav>
  );
}
