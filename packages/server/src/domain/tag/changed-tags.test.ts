import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedTags } from './changed-tags.ts';
import { formatResourceName, parseResourceName, taggedPrefixes } from './resource-name.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd');
const tag = fc.record({ key, value: fc.string({ maxLength: 3 }) });
const tags = fc.uniqueArray(tag, { selector: (one) => one.key });

describe('tags of a resource', () => {
  it('are those it had without the removed ones, with the new ones, each key once', () => {
    fc.assert(
      fc.property(tags, tags, fc.array(key), (had, put, remove) => {
        const now = changedTags(had, { put, remove });
        const expected = new Map(had.filter((one) => !remove.includes(one.key)).map((one) => [one.key, one.value]));
        for (const one of put) expected.set(one.key, one.value);
        expect(now.length).toBe(expected.size);
        expect(new Map(now.map((one) => [one.key, one.value]))).toEqual(expected);
      }),
    );
  });
});

describe('the name of a resource', () => {
  it('is read as it was written', () => {
    const name = fc.record({
      region: fc.constantFrom('', 'ap-guangzhou', 'test-1'),
      accountId: fc.constantFrom('', '100000000001'),
      prefix: fc.constantFrom(...taggedPrefixes),
      suffix: fc.stringMatching(/^[0-9a-z]{8}$/),
    });
    fc.assert(
      fc.property(name, ({ suffix, ...rest }) => {
        const whole = { ...rest, id: `${rest.prefix}-${suffix}` };
        expect(parseResourceName(formatResourceName(whole))).toEqual(whole);
      }),
    );
  });

  it('is what terraform writes, with an account or without', () => {
    expect(parseResourceName('qcs::vpc:ap-guangzhou:uin/:vpngw/vpngw-abcdefgh')).toEqual({
      ...{ region: 'ap-guangzhou', accountId: '', prefix: 'vpngw', id: 'vpngw-abcdefgh' },
    });
    expect(parseResourceName('qcs::vpc:r::ccn/ccn-abcdefgh')?.id).toBe('ccn-abcdefgh');
  });

  it.each([
    '',
    'vpngw-abcdefgh',
    'qcs::cvm:r:uin/:instance/ins-abcdefgh',
    'qcs::vpc:r:uin/:vpc/vpngw-abcdefgh',
    'qcs::vpc:r:uin/:nat/nat-abcdefgh',
    'qcs::vpc:r:uin/:vpngw/vpngw-abcdefg',
    'qcs::vpc:r:uin/:vpngw/vpngw-abcdefgh\n',
  ])('is not %j', (text) => {
    expect(parseResourceName(text)).toBeUndefined();
  });
});
