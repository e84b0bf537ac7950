import { Type, type TSchema } from 'typebox';
import type { ResourceId, ResourcePrefix } from '../../domain/resource-id.ts';

/**
 * Building blocks of request schemas. `lenient` marks values that clients send as text or as a number
 * (docs/spec/actions.md section 0, "Type quirks"); `maxBytes` limits the UTF-8 length; `means` puts a pattern into
 * words; `keepEmpty` keeps an empty array that would otherwise count as absent; `oneLine` refuses what no name has:
 * control characters, line breaks, halves of surrogate pairs.
 */
export const text = (options: { minLength?: number; maxLength?: number; maxBytes?: number } = {}) =>
  Type.String({ ...options, oneLine: true });

/** Text that its reader checks by itself. */
export const anyText = () => Type.String();

/** A name of a VPC, subnet, route table or VPN gateway: 1 to 60 bytes. */
export const nameInBytes = () => text({ minLength: 1, maxBytes: 60 });

/** A name of a customer gateway or tunnel: 1 to 60 characters. */
export const nameInCharacters = () => text({ minLength: 1, maxLength: 60 });

export const idOf = <P extends ResourcePrefix>(prefix: P) =>
  Type.Unsafe<ResourceId<P>>({
    type: 'string',
    pattern: `^${prefix}-[0-9a-z]{8}$`,
    means: `${prefix}- and 8 lower-case letters or digits are expected`,
  });

/** Regions are plain names; the empty one, where it is allowed, stands for none. */
export const regionName = ({ orEmpty = false } = {}) =>
  Type.Unsafe<string>({
    type: 'string',
    pattern: `^[A-Za-z0-9-]{${orEmpty ? 0 : 1},40}$`,
    means: '1 to 40 letters, digits and hyphens are expected',
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

export const tagList = () => maybe(list(object({ Key: text(), Value: maybe(text()) }), 100));

/** No documented maximum for filters; these keep a request within reason. */
const filterLimits = { filters: 10, values: 100 };

export const filterList = (maxFilters = filterLimits.filters, maxValues = filterLimits.values) =>
  maybe(list(object({ Name: text({ maxLength: 200 }), Values: list(text(), maxValues) }), maxFilters));

const mostRows = 100;

export const paging = () => ({
  Offset: maybe(lenientInteger(0, Number.MAX_SAFE_INTEGER)),
  Limit: maybe(lenientInteger(1, mostRows)),
});

export const idList = <P extends ResourcePrefix>(prefix: P) => maybe(list(idOf(prefix), 100));

/** Autonomous system numbers that the product keeps for itself (docs/spec/semantics.md section 12). */
export const asn = () =>
  Type.Unsafe<number>({
    type: 'integer',
    minimum: 1,
    maximum: 4_294_967_295,
    not: { enum: [139_341, 45_090, 58_835] },
  });
