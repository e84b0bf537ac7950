import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { CataloguedAction } from '@landbridge/catalogue/services';
import * as fc from 'fast-check';

/** For tests only: requests that nearly fit their Action, about objects that are there. */

/** Ids that replies told, the newest of each kind: older ones are mostly gone. */
export class ToldIds {
  readonly #most = 8;
  readonly #byPrefix = new Map<string, string[]>();

  /** Those in a reply, by what stands before their hyphen. */
  add(reply: unknown): void {
    if (typeof reply === 'string') this.#addText(reply);
    else if (typeof reply === 'object' && reply !== null) for (const part of Object.values(reply)) this.add(part);
  }

  /** One of this kind; undefined while there is none. */
  pick(prefix: string, at: number): string | undefined {
    const ids = this.#byPrefix.get(prefix) ?? [];
    return ids[at % ids.length];
  }

  get prefixes(): readonly string[] {
    return [...this.#byPrefix.keys()];
  }

  #addText(text: string): void {
    const prefix = /^([a-z]+)-[a-z0-9]{8}$/.exec(text)?.[1];
    if (prefix === undefined) return;
    const ids = this.#byPrefix.get(prefix) ?? [];
    if (!ids.includes(text)) this.#byPrefix.set(prefix, [...ids, text].slice(-this.#most));
  }
}

const ranges = [
  ...['10.0.0.0/16', '10.1.0.0/16', '172.16.0.0/12', '10.0.1.0/24', '10.0.2.0/24', '10.1.1.0/24', '192.168.1.0/24'],
  ...['192.168.2.0/24', '0.0.0.0/0', '10.0.1.7/24', '10.0.0.0/33', '300.0.0.0/8', '::/0', '224.0.0.0/4', '10.0.0.0'],
];
const addresses = [
  ...['198.51.100.1', '198.51.100.2', '203.0.113.20', '0.0.0.0', '255.255.255.255', '127.0.0.1', '169.254.1.1', '::1'],
  ...['1.2.3', '01.2.3.4', '1.2.3.4.5'],
];
const misfits: readonly unknown[] = [
  ...[null, '', ' ', 0, -1, 1.5, 1e308, 2 ** 53, true, [], {}, [[]], [null], { Name: 1 }, '\u0000', '\u202e', '\ud800'],
  ...[
    'a'.repeat(5000),
    '🦆'.repeat(40),
    '../../etc/passwd',
    "' OR '1'='1",
    '${x}',
    '{name}',
    '__proto__',
    '%s%n',
    '١٢',
  ],
  ...[JSON.parse('{"__proto__": {"a": 1}, "constructor": {"prototype": 1}}') as unknown, Array(200).fill('x')],
];

/** Fits but for about one value in thirty; optional ones are mostly left out. */
export function arbitraryRequest({ definition }: CataloguedAction, told: ToldIds): fc.Arbitrary<unknown> {
  const filterNames = [...Object.keys(definition.filters), 'tag:team', 'colour'];

  const arbitrary = (schema: SchemaParts, name: string): fc.Arbitrary<unknown> =>
    fc.oneof(
      { weight: 30, arbitrary: fitting(schema, name) },
      {
        weight: 1,
        arbitrary: fc.oneof(fc.constantFrom(...misfits), fc.string({ unit: 'binary' }), fc.integer(), fc.jsonValue()),
      },
    );

  const fitting = (schema: SchemaParts, name: string): fc.Arbitrary<unknown> => {
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => fitting(each, name)));
    switch (schema.type ?? 'string') {
      case 'object':
        return object(schema);
      case 'array':
        return fc.array(arbitrary(schema.items ?? {}, name), { minLength: 1, maxLength: 3 });
      case 'integer':
      case 'number':
        return fc.oneof(
          fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 200, 2 ** 31) }),
          fc.constantFrom(0, 1, 100),
        );
      case 'boolean':
        return fc.boolean();
      default:
        return text(schema, name);
    }
  };

  const object = ({ properties = {}, required = [] }: SchemaParts): fc.Arbitrary<unknown> => {
    const known = Object.entries(properties).map(([name, schema]) => {
      const weight = required.includes(name) ? 40 : 1;
      const value = fc.oneof(
        { weight, arbitrary: arbitrary(schema, name) },
        { weight: required.includes(name) ? 1 : 3, arbitrary: fc.constant(undefined) },
      );
      return [name, value] as const;
    });
    const unknown = fc.oneof(
      { weight: 60, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.object({ maxKeys: 2 }) },
    );
    return fc.tuple(fc.record(Object.fromEntries(known)), unknown).map(([fits, more]) => ({ ...fits, ...more }));
  };

  const text = ({ pattern = '' }: SchemaParts, name: string): fc.Arbitrary<unknown> => {
    const [, prefix] = /^\^\(?:?([a-z]+)-/.exec(pattern) ?? [];
    if (prefix !== undefined) return thereWithPrefix(prefix);
    if (/Cidr|Source|Destination/.test(name)) return fc.constantFrom(...ranges);
    if (/Ip$|Address$|Servers$/.test(name)) return fc.constantFrom(...addresses);
    if (name.endsWith('Region')) return fc.constantFrom('test-1', 'test-2');
    if (/Id$|Ids$|Hub$|Resource$|^Values$/.test(name))
      return fc.oneof(there(), fc.constantFrom('true', 'VPC', 'net', '10.0.1.0/24'));
    if (name.endsWith('Name'))
      return fc.oneof(fc.constantFrom(...filterNames), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 }));
    return fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 }),
      fc.constantFrom('word', '1', ...ranges.slice(0, 3)),
    );
  };

  const thereWithPrefix = (prefix: string) => fc.nat().map((at) => told.pick(prefix, at) ?? `${prefix}-notthere`);
  const there = () =>
    fc.tuple(fc.nat(), fc.nat()).map(([kind, at]) => {
      const { prefixes } = told;
      return told.pick(prefixes[kind % Math.max(prefixes.length, 1)] ?? '', at) ?? 'vpc-notthere';
    });

  return object(definition.request);
}
