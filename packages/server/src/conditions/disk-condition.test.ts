import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { diskCondition } from './disk-condition.ts';

it('is not ok where nothing can be written, and says why', async () => {
  expect(await diskCondition(tmpdir())).toEqual({ name: 'disk', ok: true, message: '' });
  // Not even root writes there.
  const { ok, message } = await diskCondition('/proc/self/nowhere');
  expect([ok, message]).toEqual([false, expect.stringContaining('/proc/self/nowhere cannot be written (ENOENT)')]);
});
