import { describe, expect, it } from 'vitest';
import { sharedRun } from './shared-run.ts';

/** Runs end when they are told to. */
function controlled() {
  const runs: PromiseWithResolvers<string>[] = [];
  const ask = sharedRun(() => {
    const run = Promise.withResolvers<string>();
    runs.push(run);
    return run.promise;
  });
  return { runs, ask };
}

const turn = () => new Promise(setImmediate);

describe('a shared run', () => {
  it('serves all who asked before it began', async () => {
    const { runs, ask } = controlled();
    const answers = [ask(), ask(), ask()];
    await turn();
    expect(runs).toHaveLength(1);
    runs[0]?.resolve('first');
    expect(await Promise.all(answers)).toEqual(['first', 'first', 'first']);
  });

  it('is not the answer to who asked while it was under way: they share the next one, which waits for its end', async () => {
    const { runs, ask } = controlled();
    const early = ask();
    await turn();
    const late = [ask(), ask()];
    await turn();
    expect(runs).toHaveLength(1);
    runs[0]?.resolve('first');
    await turn();
    expect(runs).toHaveLength(2);
    runs[1]?.resolve('second');
    expect(await Promise.all([early, ...late])).toEqual(['first', 'second', 'second']);
  });

  it('that fails fails for those who share it, and not for the next', async () => {
    const { runs, ask } = controlled();
    const early = ask();
    await turn();
    const late = ask();
    runs[0]?.reject(new Error('no'));
    await expect(early).rejects.toThrow('no');
    await turn();
    runs[1]?.resolve('second');
    expect(await late).toBe('second');
  });
});
