import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CallOrder, CallReport } from './api-callers.ts';

const program = fileURLToPath(new URL('api-callers.ts', import.meta.url));

/** Callers of the API on one core, which is not the server's. */
export class PinnedCallers implements Disposable {
  readonly #child: ChildProcess;

  constructor(core: number) {
    const argv = ['-c', String(core), process.execPath, '--disable-warning=ExperimentalWarning', program];
    this.#child = spawn('taskset', argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Throws where a call was refused, or the callers ended. */
  async make(order: CallOrder): Promise<CallReport> {
    const ended = new AbortController();
    const ending = () => ended.abort(new Error(`the callers of ${order.action} ended without a report`));
    this.#child.once('exit', ending);
    try {
      this.#child.send(order);
      const [said] = (await once(this.#child, 'message', { signal: ended.signal })) as [
        { readonly report?: CallReport; readonly failure?: string },
      ];
      if (said.report === undefined) throw new Error(`${order.action}: ${said.failure ?? 'no report'}`);
      return said.report;
    } finally {
      this.#child.off('exit', ending);
    }
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}
