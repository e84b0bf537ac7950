import { expect } from 'vitest';
import type { ApiHarness, CallOptions } from './api-harness.ts';

/** For tests only. */

export interface ExpectedRefusal {
  readonly code: string;
  /** What its message names, in every language: the parameter, the object in the way. */
  readonly names: readonly string[];
}

/** The call is refused so, in both languages, and nothing was changed. */
export async function expectRefusal(
  api: ApiHarness,
  [action, parameters, options = {}]: readonly [action: string, parameters: object, options?: CallOptions],
  { code, names }: ExpectedRefusal,
): Promise<void> {
  const { generation } = api.image;
  for (const language of ['en-US', 'zh-CN']) {
    const { Code, Message } = await api.fail(action, parameters, { ...options, language });
    expect([action, Code, Message]).toEqual([action, code, Message]);
    for (const name of names) expect(Message).toContain(name);
  }
  expect(api.image.generation).toBe(generation);
}
