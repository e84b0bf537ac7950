import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { poll } from '@landbridge/testbed/poll';
import type { Charon } from '../lab/src/charon.ts';

/** What happened to a peer, as its charon said it. */
export interface PeerEvent {
  readonly kind: 'established' | 'closed';
  /** Of the connection. */
  readonly name: string;
  /** As performance.now() counts. */
  readonly atMs: number;
}

/** Follows the log file of a charon: when SAs are there, and when they are closed, without asking it again and again. */
export class PeerLog {
  readonly #child: ChildProcess;
  #events: PeerEvent[] = [];

  constructor({ logFile }: Charon) {
    this.#child = spawn('tail', ['-n', '0', '-f', logFile], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (this.#child.stdout === null) throw new Error('tail has no output');
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const event = parse(line, performance.now());
      if (event !== undefined) this.#events.push(event);
    });
  }

  forget(): void {
    this.#events = [];
  }

  /** When the last of so many different peers had its SAs, or had none, as performance.now() counts. */
  async waitFor(kind: PeerEvent['kind'], names: readonly string[], within: number): Promise<number> {
    const wanted = new Set(names);
    const seen = (): Map<string, number> => {
      const fitting = this.#events.filter((event) => event.kind === kind && wanted.has(event.name));
      return new Map(fitting.map(({ name, atMs }) => [name, atMs]));
    };
    const missing = (): string[] => {
      const found = seen();
      return names.filter((name) => !found.has(name)).slice(0, 5);
    };
    await poll(`${names.length} peers: ${kind}`, missing, ({ length }) => length === 0, { within, every: 10 });
    return Math.max(...seen().values());
  }

  async end(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/**
 * `10[IKE] CHILD_SA peer-7-all{7} established with SPIs …`, `09[IKE] closing CHILD_SA peer-7-all{7} with …`,
 * `09[IKE] deleting IKE_SA peer-7[7] between …`.
 */
function parse(line: string, atMs: number): PeerEvent | undefined {
  const established = /CHILD_SA (\S+)-all\{\d+\} established/.exec(line)?.[1];
  if (established !== undefined) return { kind: 'established', name: established, atMs };
  const closed = /deleting IKE_SA (\S+)\[\d+\] between/.exec(line)?.[1];
  return closed === undefined ? undefined : { kind: 'closed', name: closed, atMs };
}
