import { expect, it, vi } from 'vitest';
import { repeatedly } from './repeatedly.ts';

it('goes on after a failure that is not that of the first look, and tells it once', async () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const end = new AbortController();
    const gone = new TypeError('fetch failed', { cause: new Error('connect\u001b[2J') });
    const show = vi.fn<() => Promise<void>>().mockResolvedValueOnce(undefined);
    show.mockRejectedValueOnce(gone).mockRejectedValueOnce(gone).mockResolvedValueOnce(undefined);
    show.mockRejectedValueOnce(gone).mockImplementationOnce(() => {
      end.abort();
      return Promise.resolve();
    });
    await repeatedly(show, 1, end.signal);
    expect(show).toHaveBeenCalledTimes(6);
    const line = ['fetch failed: connect\\u001b[2J\n'];
    expect(told.mock.calls).toEqual([line, line]);
  } finally {
    told.mockRestore();
  }
});

it('what is wrong from the beginning ends it', async () => {
  const show = vi.fn<() => Promise<void>>().mockRejectedValue(new Error('no access key'));
  await expect(repeatedly(show, 1)).rejects.toThrow('no access key');
  expect(show).toHaveBeenCalledTimes(1);
});
