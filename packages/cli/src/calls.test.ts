import { ApiError } from '@landbridge/client';
import { expect, it, vi } from 'vitest';
import { untilTaken } from './calls.ts';

const tooFast = () => new ApiError('RequestLimitExceeded', 'too many calls', 'r-1');

it('what is refused because of too many calls is tried again until it is taken', async () => {
  const attempt = vi.fn<() => Promise<string>>().mockRejectedValueOnce(tooFast()).mockRejectedValueOnce(tooFast());
  attempt.mockResolvedValueOnce('taken');
  expect(await untilTaken(attempt, 1)).toBe('taken');
  expect(attempt).toHaveBeenCalledTimes(3);
});

it('not for ever, and nothing else is', async () => {
  const always = vi.fn<() => Promise<string>>().mockImplementation(() => Promise.reject(tooFast()));
  await expect(untilTaken(always, 1)).rejects.toThrow('too many calls');
  expect(always).toHaveBeenCalledTimes(12);
  const other = vi.fn<() => Promise<string>>().mockRejectedValue(new ApiError('ResourceNotFound', 'not there', 'r-2'));
  await expect(untilTaken(other, 1)).rejects.toThrow('not there');
  expect(other).toHaveBeenCalledTimes(1);
});
