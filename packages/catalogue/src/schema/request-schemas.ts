import { Type, type TSchema } from 'typebox';
import { about } from './about.ts';

/**
 * Building blocks of request schemas. `lenient` marks values that clients send as text or as a number
 * (docs/spec/actions.md section 0, "Type quirks"); `maxBytes` limits the UTF-8 length; `means` puts a pattern into
 * words of both languages; `keepEmpty` keeps an empty array that would otherwise count as absent; `notOffered` is what only an empty value may stand in; `oneLine` refuses what no name has:
 * control characters, line breaks, halves of surrogate pairs; `secret` marks what nobody but the two ends may see, or what may
 * hold such a thing.
 */
export const text = (options: { minLength?: number; maxLength?: number; maxBytes?: number } = {}) =>
  Type.String({ ...options, oneLine: true });

/** Text that its reader checks by itself. */
export const anyText = () => Type.String();

/** What holds a secret, of any form. */
export const secret = <S extends TSchema>(schema: S): S => {
  const members = Object.getOwnPropertyDescriptors(schema);
  return Object.create(Object.prototype, { ...members, secret: { value: true, enumerable: true } }) as S;
};

interface FeatureWords {
  readonly en: string;
  readonly zh: string;
}

/**
 * A parameter of a feature that there is not: taken only where it asks for nothing, as replies write it: an empty text, false, an
 * empty list. Anything else is refused by `feature-not-built`, never dropped.
 */
export const notOffered = (type: 'string' | 'boolean' | 'array', feature: FeatureWords) =>
  maybe(
    Type.Unsafe<unknown>({
      type,
      ...(type === 'array' ? { items: { type: 'string' }, maxItems: 30 } : {}),
      notOffered: feature,
      description: `Not offered: ${feature.en}. Only ${{ string: 'the empty text', boolean: 'false', array: 'an empty list' }[type]}.`,
    }),
  );

export const dedicatedClusters: FeatureWords = { en: 'dedicated clusters (CDC)', zh: '专属集群（CDC）' };

/** A name of a VPC, subnet, route table or VPN gateway: 1 to 60 bytes. */
export const nameInBytes = () => about(text({ minLength: 1, maxBytes: 60 }), 'A name, 1 to 60 bytes.');

/** A name of a customer gateway or tunnel: 1 to 60 characters. */
export const nameInCharacters = () => about(text({ minLength: 1, maxLength: 60 }), 'A name, 1 to 60 characters.');

/** What ids of each kind stand for (docs/spec/semantics.md section 1). */
const idNouns = {
  vpc: 'a VPC',
  subnet: 'a subnet',
  rtb: 'a route table',
  rti: 'a route of a route table',
  vpngw: 'a VPN gateway',
  cgw: 'a customer gateway',
  vpnx: 'a tunnel',
  vpnr: 'a route of a VPN gateway',
  ccn: 'a CCN',
  ccnr: 'a route of a CCN',
  ccnrtb: 'a route table of a CCN',
  dcg: 'a Direct Connect gateway',
  dcr: 'a range of a Direct Connect gateway',
  fcr: 'a range of a dedicated line',
  hook: 'a webhook',
  pcap: 'a packet capture',
} as const;

export type IdPrefix = keyof typeof idNouns;

export const idPrefixes = Object.keys(idNouns) as readonly IdPrefix[];

export function isIdPrefix(text: string): text is IdPrefix {
  return Object.hasOwn(idNouns, text);
}

export const idOf = <P extends IdPrefix>(prefix: P) =>
  Type.Unsafe<`${P}-${string}`>({
    type: 'string',
    pattern: `^${prefix}-[0-9a-z]{8}$`,
    means: {
      en: `${prefix}- and 8 lower-case letters or digits are expected`,
      zh: `应为 ${prefix}- 加 8 位小写字母或数字`,
    },
    description: `The id of ${idNouns[prefix]}, \`${prefix}-…\`.`,
  });

/** The id of one of several kinds. @param description what is meant. */
export const idOfAny = <const P extends readonly IdPrefix[]>(prefixes: P, description: string) => {
  const [last, ...others] = [...prefixes].reverse().map((prefix) => `${prefix}-`);
  const first = others.reverse();
  return Type.Unsafe<`${P[number]}-${string}`>({
    type: 'string',
    pattern: `^(?:${prefixes.join('|')})-[0-9a-z]{8}$`,
    means: {
      en: `${first.join(', ')} or ${last} and 8 lower-case letters or digits are expected`,
      zh: `应为 ${first.join('、')} 或 ${last} 加 8 位小写字母或数字`,
    },
    description,
  });
};

/** Regions are plain names; the empty one, where it is allowed, stands for none. */
export const regionName = ({ orEmpty = false } = {}) =>
  Type.Unsafe<string>({
    type: 'string',
    pattern: `^[A-Za-z0-9-]{${orEmpty ? 0 : 1},40}$`,
    means: { en: '1 to 40 letters, digits and hyphens are expected', zh: '应为 1 到 40 个字母、数字和连字符' },
    description: 'The name of a region.',
  });

export const oneOf = <const T extends readonly string[]>(...values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values] });

export const oneOfNumbers = (values: readonly number[]) => Type.Unsafe<number>({ type: 'integer', enum: [...values] });

export const integer = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });

/** Written as a number or as decimal text. */
export const lenientInteger = (minimum: number, maximum: number) =>
  Type.Unsafe<number>({ type: 'integer', minimum, maximum, lenient: true });

/** `"true"` or `"false"`; a boolean is taken as well. */
export const truthText = () =>
  Type.Unsafe<'true' | 'false'>({ type: 'string', enum: ['true', 'false'], lenient: true });

export const list = <S extends TSchema>(items: S, maxItems: number) => Type.Array(items, { maxItems });

/** A list that has at least one item. */
export const fullList = <S extends TSchema>(items: S, maxItems: number) => Type.Array(items, { minItems: 1, maxItems });

export const maybe = Type.Optional;
export const object = Type.Object;

export const tagList = () =>
  maybe(
    about(
      list(
        object({
          Key: about(text(), 'The key of the tag.'),
          Value: maybe(about(text(), 'Its value; empty if absent.')),
        }),
        100,
      ),
      'Tags that the new object gets.',
    ),
  );

/** No documented maximum for filters; these keep a request within reason. */
const filterLimits = { filters: 10, values: 100 };

export const filterList = (maxFilters = filterLimits.filters, maxValues = filterLimits.values) =>
  maybe(
    about(
      list(
        object({
          Name: about(text({ maxLength: 200 }), 'The name of the filter.'),
          Values: about(fullList(text(), maxValues), 'Any of these.'),
        }),
        maxFilters,
      ),
      'All of these have to fit. Excludes a list of ids.',
    ),
  );

const mostRows = 100;

/** @param usual rows of a page when no `Limit` is given. */
export const paging = (usual = 20) => ({
  Offset: maybe(about(lenientInteger(0, Number.MAX_SAFE_INTEGER), 'How many to leave out at the beginning.')),
  Limit: maybe(about(lenientInteger(1, mostRows), `How many at most; ${usual} unless given.`)),
});

export const idList = <P extends IdPrefix>(prefix: P) =>
  maybe(about(list(idOf(prefix), 100), `Only these: ids of ${idNouns[prefix]} each. Excludes \`Filters\`.`));

/** Autonomous system numbers that the product keeps for itself (docs/spec/semantics.md section 12). */
export const asn = () =>
  Type.Unsafe<number>({
    type: 'integer',
    minimum: 1,
    maximum: 4_294_967_295,
    not: { enum: [139_341, 45_090, 58_835] },
    description: 'An autonomous system number. It is kept and given back; no BGP is spoken.',
  });
