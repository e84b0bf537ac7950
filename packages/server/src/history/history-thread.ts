import { parentPort, workerData } from 'node:worker_threads';
import { packSeries, type PackedSeries } from '../domain/operator/history.ts';
import { describeError } from '../platform/describe-error.ts';
import { HistoryStore, type Step, type StoreQuestion } from './history-store.ts';

/** The thread that has the file: whatever a disk takes, and whoever asks for a week, holds up no failover (history.ts). */

export type ToThread =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'question'; readonly number: number; readonly question: StoreQuestion }
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'kept'; readonly error: string | null }
  | { readonly kind: 'answer'; readonly number: number; readonly series: readonly PackedSeries[] }
  | { readonly kind: 'failure'; readonly number: number; readonly error: string }
  | { readonly kind: 'replaced'; readonly why: string };

export interface ThreadData {
  readonly path: string;
  readonly mostBytes: number;
}

const port = parentPort;
if (port === null) throw new Error('this runs in a thread of the agent');
const say = (message: FromThread, moved: readonly ArrayBuffer[] = []) => port.postMessage(message, moved);
const { path, mostBytes } = workerData as ThreadData;
const store = new HistoryStore({ path, mostBytes, onReplaced: (why) => say({ kind: 'replaced', why }) });

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'step':
      say({ kind: 'kept', error: errorOf(() => store.add(message.step)) });
      break;
    case 'question':
      answer(message.number, message.question);
      break;
    case 'close':
      store.close();
      port.close();
      break;
  }
});

function errorOf(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return describeError(error);
  }
}

function answer(number: number, question: StoreQuestion): void {
  try {
    const series = store.read(question).map(packSeries);
    say(
      { kind: 'answer', number, series },
      series.map(({ buffer }) => buffer),
    );
  } catch (error) {
    say({ kind: 'failure', number, error: describeError(error) });
  }
}
