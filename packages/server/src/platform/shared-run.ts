/**
 * `work`, never twice at a time. Whoever asks shares a run with all who asked while the one before was under way: it begins after they
 * asked, so that it sees what was there then.
 */
export function sharedRun<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting: Promise<T> | null = null;
  return () => {
    if (waiting !== null) return waiting;
    const run = last.then(() => {
      waiting = null;
      return work();
    });
    waiting = run;
    last = run.catch(() => undefined);
    return run;
  };
}
