import { PeerConfigurationRefusal } from './refusal.ts';

type Words<Key extends string | number> = Partial<Readonly<Record<Key, string>>>;

/** What one platform has words for. Everything else it refuses by field and value; nothing becomes something similar. */
export class Platform {
  readonly title: string;

  constructor(title: string) {
    this.title = title;
  }

  /** The platform's word for a value. */
  word<Key extends string | number>(field: string, words: Words<Key>, value: Key): string {
    const word = words[value];
    if (word === undefined) this.refuse(field, value, `it has ${listed(Object.keys(words))}`);
    return word;
  }

  number(field: string, value: number, least: number, most: number): string {
    if (!Number.isInteger(value) || value < least || value > most) {
      this.refuse(field, value, `it takes ${least} to ${most}`);
    }
    return String(value);
  }

  /** A text that is written as it is; `form` has to keep out whatever could end it where it stands. */
  text(field: string, value: string, form: RegExp, takes: string): string {
    if (!form.test(value)) this.refuse(field, value, `it takes ${takes}`);
    return value;
  }

  refuse(field: string, value: unknown, reason: string): never {
    throw new PeerConfigurationRefusal(this.title, field, value, reason);
  }
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? 'none' : words.join(', ');
}
