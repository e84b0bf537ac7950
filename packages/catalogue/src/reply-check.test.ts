import { describe, expect, it } from 'vitest';
import { errorRegistry, type ErrorReason } from './errors/error-registry.ts';
import { problemOfReply } from './reply-check.ts';

const RequestId = '8a5b2c9e-0000-4000-8000-000000000000';
const errorOf = (reason: ErrorReason, language: 'en' | 'zh' = 'en') => {
  const { code, [language]: text } = errorRegistry[reason];
  return { RequestId, Error: { Code: code, Message: text.replaceAll(/\{\w+\}/g, 'x.*y\n`z`') } };
};
const problem = (reason: ErrorReason, language?: 'en' | 'zh') =>
  problemOfReply('vpc', 'DeleteVpc', errorOf(reason, language));

describe('an error', () => {
  it('that the Action lists, or that every Action answers, is one in either language', () => {
    for (const language of ['en', 'zh'] as const) {
      expect(problem('not-found', language)).toBeUndefined();
      expect(problem('rate-limited', language)).toBeUndefined();
    }
  });

  it('with a listed code and the message of another reason is not', () => {
    const { code } = errorRegistry['not-found'];
    const Error = { Code: code, Message: 'Something is not there.' };
    expect(problemOfReply('vpc', 'DeleteVpc', { RequestId, Error })).toContain('no error that the catalogue lists');
    expect(problem('filter-unknown')).toContain('DeleteVpc answers');
  });

  it('is held to its reason where that is known', () => {
    const reply = errorOf('not-found');
    expect(problemOfReply('vpc', 'DeleteVpc', reply, 'not-found')).toBeUndefined();
    expect(problemOfReply('vpc', 'DeleteVpc', reply, 'rate-limited')).toContain('DeleteVpc answers');
    expect(problemOfReply('vpc', 'DeleteVpc', reply, 'filter-unknown')).toContain('refuses for filter-unknown');
  });
});
