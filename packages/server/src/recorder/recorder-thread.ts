import { parentPort, workerData } from 'node:worker_threads';
import { LineFile } from './line-file.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

/** A thread of its own: a disk that is slow, and a question about much, hold up nobody who switches routes. */
const { path, bounds } = workerData as ThreadData;
const file = new LineFile(path, bounds);

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'keep':
      tell({ kind: 'kept', ...file.keep(message.lines) });
      break;
    case 'page':
      try {
        tell({ kind: 'page', number: message.number, page: file.page(message.selection), error: null });
      } catch (error) {
        tell({ kind: 'page', number: message.number, page: null, error: (error as Error).message });
      }
      break;
    case 'close':
      file.close();
      parentPort?.close();
      break;
  }
});
