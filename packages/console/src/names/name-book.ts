import { signal } from '@preact/signals';
import type { call, CallOptions } from '../calls/call.ts';
import { questions, type NamedKind } from './questions.ts';

/** As many as the service takes at once; what is beyond them stays without a name. */
const mostIds = 100;

/** What objects are called that texts of the service name by their ids alone. */
export class NameBook {
  readonly #call: typeof call;
  readonly #known: (id: string) => string | undefined;
  readonly #answered = signal<ReadonlyMap<string, string>>(new Map());

  /** @param known what other books know, so that nobody has to be asked */
  constructor(how: typeof call, known: (id: string) => string | undefined) {
    this.#call = how;
    this.#known = known;
  }

  /** Empty: it has none; undefined: nothing is known of such an object. */
  nameOf(id: string): string | undefined {
    return this.#known(id) ?? this.#answered.value.get(id);
  }

  /** One question for each kind of those that no book knows. What cannot be learned stays unknown: nobody needs it to go on. */
  async ask(ids: readonly string[], options: CallOptions): Promise<void> {
    const unknown = ids.filter((id) => this.#known(id) === undefined);
    const byKind = Object.groupBy(unknown, (id) => id.replace(/-.*/, ''));
    const asked = Object.entries(byKind).map(async ([kind, ofKind = []]) => {
      if (!Object.hasOwn(questions, kind)) return [];
      return questions[kind as NamedKind](this.#call, ofKind.slice(0, mostIds), options).catch(() => []);
    });
    const found = (await Promise.all(asked)).flat();
    if (found.length > 0) this.#answered.value = new Map([...this.#answered.value, ...found]);
  }
}
