import { Tabs } from '../parts/tabs.tsx';
import { say } from '../words/said.ts';

const tabs = [
  { href: '/events', word: 'events.what' },
  { href: '/events/audit', word: 'events.audit' },
] as const;

/** What happened to the network, and who asked for what. */
export function EventTabs({ here }: { readonly here: (typeof tabs)[number]['href'] }) {
  return <Tabs label={say('events.tabs')} tabs={tabs} here={here} />;
}
