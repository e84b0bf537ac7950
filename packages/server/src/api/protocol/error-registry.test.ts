import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusalReasons } from '../../domain/refusal.ts';
import { wireError } from './api-error.ts';
import { errorRegistry, type ErrorReason } from '@landbridge/catalogue/errors/error-registry';

const root = join(import.meta.dirname, '../..');

/** Reasons that the sources of these rooms throw. */
function thrownReasons(): Set<string> {
  const files = ['api', 'http', 'services', 'domain', 'derive', 'notify'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(root, room, name), 'utf8')),
  );
  const calls = files.flatMap((text) => [
    ...text.matchAll(/(?:\brefuse\(|\breject\(|new ApiError\(|new Refusal\(|reason: )\s*'([a-z0-9-]+)'/g),
    ...text.matchAll(/\baskedOrAway\([^;]*, '([a-z0-9-]+)'\)/g),
  ]);
  return new Set(calls.map((match) => match[1] ?? ''));
}

describe('the error registry', () => {
  const registered = Object.keys(errorRegistry);

  it('holds exactly the errors that are thrown', () => {
    expect([...thrownReasons()].sort()).toEqual([...registered].sort());
  });

  it('has every refusal once', () => {
    expect(new Set(refusalReasons).size).toBe(refusalReasons.length);
    expect(registered).toEqual(expect.arrayContaining([...refusalReasons]));
  });

  it.each(Object.entries(errorRegistry))(
    '%s has a code and the same placeholders in both languages',
    (_reason, entry) => {
      expect(entry.code).toMatch(/^[A-Z][A-Za-z]+(\.[A-Z][A-Za-z0-9]+)?$/);
      const placeholders = (template: string) => [...new Set(template.match(/\{\w+\}/g) ?? [])].sort();
      expect(placeholders(entry.zh)).toEqual(placeholders(entry.en));
      expect(entry.en).toMatch(/[.?]$/);
      expect(entry.zh).toMatch(/[。？]$/);
    },
  );

  it.each(Object.entries(errorRegistry))('%s is wholly Chinese where it says so', (_reason, { zh }) => {
    // Names of the API stand in backticks, in capitals or in camel case; these are names of ours.
    const names = new Set(['agent', 'landbridge', 'status', 'qcs', 'uin', 'vpc', 'tcpdump']);
    const words = zh.replaceAll(/`[^`]*`|\{\w+\}/g, '').match(/(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])/g) ?? [];
    expect(words.filter((word) => !names.has(word))).toEqual([]);
  });

  it('tells details in the language of the message', () => {
    const details = { name: 'X', rule: { en: 'too big', zh: '过大' } };
    expect(wireError('invalid-value', details, 'zh-CN').Message).toBe('参数 `X` 的取值不合法：过大。');
    expect(wireError('invalid-value', details, 'en-US').Message).toContain('too big');
  });

  it('quotes at most 200 characters of the caller', () => {
    const { Message } = wireError('not-found', { id: 'x'.repeat(10_000) }, 'en-US');
    expect(Message.length).toBeLessThan(300);
  });

  it('does not expand what the caller wrote', () => {
    const details = { id: '{id} $& {constructor}' };
    expect(wireError('not-found' satisfies ErrorReason, details, 'en-US').Message).toContain(details.id);
  });
});
