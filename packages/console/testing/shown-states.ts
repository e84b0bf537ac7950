import type { Page } from 'playwright-core';
import { tunnelWords } from '../src/words/tunnel-words.ts';

/** What a page of tunnels shows at one moment. */
export interface ShownStates {
  /** Milliseconds since the epoch, by the browser's clock. */
  readonly at: number;
  /** Whether it says that it is followed live. */
  readonly isLive: boolean;
  /** By the tunnel's id: the state as the API has it. Of rows that are scrolled out of sight there are none. */
  readonly states: Readonly<Record<string, string>>;
}

interface ReadRows {
  readonly at: number;
  readonly isLive: boolean;
  /** The id, and a mark and words. */
  readonly rows: readonly (readonly [string, string])[];
}

const readRows = `({
  at: Date.now(),
  isLive: document.querySelector('.who .mark.good') !== null,
  rows: [...document.querySelectorAll('.scrolled .row')].map((row) => [
    row.querySelector('.name code').textContent,
    row.querySelector('.state').textContent,
  ]),
})`;

const statesByWord = new Map(
  Object.entries(tunnelWords).flatMap(([key, { en }]) =>
    key.startsWith('state.') && key !== 'state.since' ? [[en as string, key.slice('state.'.length)] as const] : [],
  ),
);

/** Reads the list of tunnels, in English. Throws where it shows a state that there is not. */
export async function readShownStates(page: Page): Promise<ShownStates> {
  const { at, isLive, rows } = await page.evaluate<ReadRows>(readRows);
  const states = rows.map(([id, text]) => [id, stateOf(text)] as const);
  return { at, isLive, states: Object.fromEntries(states) };
}

function stateOf(text: string): string {
  const state = statesByWord.get(text.replace(/^\S+ /, ''));
  if (state === undefined) throw new Error(`the page shows "${text}", which is no state`);
  return state;
}
