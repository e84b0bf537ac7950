import { normalizeCidr, parseCidr, parseIpAddress, type Cidr, type IpAddress } from '@landbridge/net';
import { isForbiddenRange } from '../../domain/forbidden-range.ts';
import type { Tag } from '../../domain/owned.ts';
import { tagLimits } from '../../domain/tag/tag-limits.ts';
import { reject } from '../protocol/api-error.ts';
import { readSyntax } from './read-syntax.ts';

/** Values as the wire writes them, and back. Readers throw ApiError naming the parameter. */

/** A time that never comes: what the vendor writes where there is none. */
export const noTime = '0000-00-00 00:00:00';

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
export function wireTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`, UTC. */
export function wireInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** A block without host bits. */
export function readCidr(text: string, name: string): Cidr {
  return readSyntax(name, () => parseCidr(text));
}

/** As readCidr, and a range that packets can be sent to. */
export function readDestination(text: string, name: string): Cidr {
  return checkRange(readCidr(text, name), name);
}

/** A range of a security policy; host bits are cleared (docs/spec/semantics.md section 5). */
export function readPolicyRange(text: string, name: string): Cidr {
  return checkRange(
    readSyntax(name, () => normalizeCidr(text)),
    name,
  );
}

function checkRange(range: Cidr, name: string): Cidr {
  if (isForbiddenRange(range)) {
    reject('invalid-value', {
      name,
      rule: {
        en: `${range} is not allowed: 0.x, 127/8, 224/4, 255.x and IPv6 cannot be used, 0.0.0.0/0 can`,
        zh: `不支持 ${range}：不能使用 0.x、127/8、224/4、255.x 和 IPv6，可以使用 0.0.0.0/0`,
      },
    });
  }
  return range;
}

export function readAddress(text: string, name: string): IpAddress {
  const address = readSyntax(name, () => parseIpAddress(text));
  if (address.includes(':'))
    reject('invalid-value', { name, rule: { en: 'an IPv4 address is expected', zh: '应为 IPv4 地址' } });
  return address;
}

export function readTags(tags: readonly { readonly Key: string; readonly Value?: string }[] | undefined): Tag[] {
  const given = tags ?? [];
  if (given.length > tagLimits.perResource) reject('tags-too-many', { limit: tagLimits.perResource });
  const seen = new Set<string>();
  return given.map(({ Key: key, Value: value = '' }) => {
    if (key === '' || key.length > tagLimits.key) reject('tag-key-invalid', { limit: tagLimits.key });
    if (value.length > tagLimits.value) reject('tag-value-invalid', { key, limit: tagLimits.value });
    if (key.startsWith(tagLimits.reservedPrefix)) {
      reject('tag-key-reserved', { key, prefix: tagLimits.reservedPrefix });
    }
    if (seen.has(key)) reject('tag-key-duplicate', { key });
    seen.add(key);
    return { key, value };
  });
}

export function wireTags(tags: readonly Tag[]): { Key: string; Value: string }[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** The properties that are set, so that what a caller left out stays out. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
