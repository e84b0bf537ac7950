import type { Words } from '../../packages/catalogue/src/action-definition.ts';
import { allActions } from '../../packages/catalogue/src/services.ts';
import { words } from '../../packages/console/src/words/words.ts';

/** All that the console says in one language: its own words, and what the catalogue says of each Action. One file, loaded when it is spoken. */
export function wordFile(language: 'en' | 'zh'): string {
  const own = Object.entries<Words>(words).map(([key, both]) => [key, both[language]] as const);
  const actions = allActions.map(({ name, definition }) => [name, definition.summary[language]] as const);
  return JSON.stringify({ console: Object.fromEntries(own), actions: Object.fromEntries(actions) });
}
