import { Link } from 'wouter-preact';
import { say } from '../words/said.ts';
import type { WordKey } from '../words/words.ts';

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly { readonly href: string; readonly word: WordKey }[];
  /** The address of the one that is shown. */
  readonly here: string;
}

/** Parts of a page, each with an address of its own. */
export function Tabs({ label, tabs, here }: TabsProps) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ href, word }) => (
        <Link key={href} href={href} aria-current={href === here ? 'page' : undefined}>
          {say(word)}
        </Link>
      ))}
    </nav>
  );
}
