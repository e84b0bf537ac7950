import type { Condition } from '../domain/operator/condition.ts';
import type { NewLine } from '../domain/operator/timeline.ts';

/** Of the host: what is not as it should be, and what is again. */
export class ConditionLines {
  readonly #note: (line: NewLine) => void;
  /** By name, of those that are not as they should be. */
  #wrong = new Map<string, string>();

  constructor(note: (line: NewLine) => void) {
    this.#note = note;
  }

  observe(conditions: readonly Condition[]): void {
    const wrong = new Map(conditions.filter(({ ok }) => !ok).map(({ name, message }) => [name, message]));
    for (const [name, message] of wrong) {
      const before = this.#wrong.get(name);
      if (before === undefined || wordsOf(before) !== wordsOf(message)) this.#tell(`${name}: ${message}`);
    }
    for (const name of this.#wrong.keys()) if (!wrong.has(name)) this.#tell(`${name}: as it should be again`);
    this.#wrong = wrong;
  }

  #tell(text: string): void {
    this.#note({ subject: 'host', kind: 'condition', text });
  }
}

/** That a number is another one is no news: some count seconds. */
function wordsOf(message: string): string {
  return message.replaceAll(/\d+/g, '#');
}
