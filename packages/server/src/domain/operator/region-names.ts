import { refuse } from '../refusal.ts';

/** Region of calls that name none, where every name is a region. */
const usualRegion = 'local';

/** The regions that exist here (setting `regions`); null: every name is one. */
export class RegionNames {
  readonly #names: readonly string[] | null;

  constructor(names: readonly string[] | null) {
    this.#names = names;
  }

  /** Of calls that name none. */
  get usual(): string {
    return this.#names?.[0] ?? usualRegion;
  }

  /** A refusal where there is no such region: nothing is made there. What is there already can be seen and deleted. */
  expect(region: string): void {
    const names = this.#names;
    if (names === null || names.includes(region)) return;
    refuse('region-not-offered', { region, known: names.join(', ') });
  }
}
