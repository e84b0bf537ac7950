import { callAction, type Credential, type JsonObject } from '@landbridge/client';
import { round, summarise } from './statistics.ts';

// Callers of the API, as a program of its own: several at once, each with one call at a time over a connection that stays. It
// answers one order after the other, so that the code is compiled when it counts.

export interface CallOrder {
  readonly url: string;
  readonly credential: Credential;
  readonly callers: number;
  readonly action: string;
  /** Of each call. With `seconds`, from the first one again when all were made. */
  readonly parameters: readonly JsonObject[];
  /** Absent: each call once. */
  readonly seconds?: number;
}

export interface CallReport {
  readonly calls: number;
  readonly seconds: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** What was answered, if it was asked for by making each call once. */
  readonly replies: readonly JsonObject[];
}

/** Throws what a call throws. */
export async function makeCalls(order: CallOrder): Promise<CallReport> {
  const { url, credential, callers, action, parameters, seconds } = order;
  const startedAt = performance.now();
  const until = seconds === undefined ? Infinity : startedAt + seconds * 1000;
  const most = seconds === undefined ? parameters.length : Infinity;
  const durations: number[] = [];
  const replies: JsonObject[] = [];
  let next = 0;
  const call = async (): Promise<void> => {
    while (next < most && performance.now() < until) {
      const index = next++;
      const calledAt = performance.now();
      const reply = await callAction({ url, credential }, 'vpc', action, parameters[index % parameters.length]);
      durations.push(performance.now() - calledAt);
      if (seconds === undefined) replies[index] = reply;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const elapsed = (performance.now() - startedAt) / 1000;
  const { median, p99 } = summarise(durations);
  return { calls: durations.length, seconds: round(elapsed), medianMs: median, p99Ms: p99, replies };
}

if (import.meta.main) {
  process.on('message', (order: CallOrder) => {
    makeCalls(order).then(
      (report) => process.send?.({ report }),
      (error: unknown) => process.send?.({ failure: String(error) }),
    );
  });
}
