import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { withPatience } from '../../platform/patience.ts';
import type { Kernel } from '../kernel.ts';
import type { DaemonProcesses, DaemonSpec } from './daemon-processes.ts';

/** A connection to a daemon that answers. */
export interface DaemonConnection {
  /** Resolves when it is gone, whoever closed it. */
  readonly closed: Promise<unknown>;
  close(): void;
}

/** How a daemon is started, and how it is spoken to. */
export interface DaemonKind<C extends DaemonConnection> {
  readonly spec: DaemonSpec;
  /** False where one that runs cannot be spoken to: nobody waits for it. */
  isReachable(): boolean;
  /** While none runs, before one is started. */
  prepare(): Promise<void>;
  /** One attempt; resolves with the first answer. */
  connect(signal: AbortSignal): Promise<C>;
  /** Once one that was started answers. */
  settle(): Promise<void>;
}

export interface KeptDaemonOptions {
  readonly processes: DaemonProcesses;
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It has no process any more, or was ended because it did not answer: ensure() has to be called again. */
  readonly onDeath: (name: DaemonSpec['name']) => void;
  /** The connection is lost, and it runs on: ensure() has to be called again. */
  readonly onDisconnect: (name: DaemonSpec['name']) => void;
}

/** Longest time from start to the first answer. */
const startTimeoutMs = 10_000;
/** Longest time a running daemon may take to answer. */
const answerTimeoutMs = 5000;

/** One daemon, started detached so that it outlives this process, adopted when it runs already, and the connection to it. */
export class KeptDaemon<C extends DaemonConnection> {
  readonly #kind: DaemonKind<C>;
  readonly #options: KeptDaemonOptions;
  #connection: C | null = null;

  constructor(kind: DaemonKind<C>, options: KeptDaemonOptions) {
    this.#kind = kind;
    this.#options = options;
  }

  /** Null while there is none. */
  get connection(): C | null {
    return this.#connection;
  }

  /**
   * Adopts what runs, else starts it.
   * @param beforeStart what has to go before a new one comes.
   */
  async ensure(signal: AbortSignal, beforeStart?: () => Promise<void>): Promise<C> {
    if (this.#connection !== null) return this.#connection;
    const { spec } = this.#kind;
    const isRunning = (await this.#options.processes.find(spec)) !== null;
    // One that runs and does not answer is replaced; but not when it was us who stopped waiting.
    const adopted = isRunning ? await this.#reach(signal).catch(unlessAborted(signal)) : null;
    if (adopted === null) await beforeStart?.();
    const connection = adopted ?? (await this.#start(isRunning, signal));
    this.#options.logger.info({ netns: spec.netns }, `${spec.name} ${adopted === null ? 'started' : 'adopted'}`);
    return this.#keep(connection);
  }

  /** Does something with one that runs, connected to already or not; nothing where none runs. */
  async whileRunning(signal: AbortSignal, work: (connection: C) => Promise<void>): Promise<void> {
    if ((await this.#options.processes.find(this.#kind.spec)) === null) return;
    const connection = this.#connection ?? (await this.#connect(signal, answerTimeoutMs));
    try {
      await work(connection);
    } finally {
      if (connection !== this.#connection) connection.close();
    }
  }

  /** Lets go of it without a word. */
  disconnect(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.close();
  }

  /** Ends it, whether it was adopted or not. @param graceMs to end by itself in. */
  async stop(graceMs: number): Promise<void> {
    this.disconnect();
    const { processes, clock } = this.#options;
    await processes.stop(this.#kind.spec, clock, graceMs);
  }

  async #reach(signal: AbortSignal): Promise<C | null> {
    return this.#kind.isReachable() ? this.#connect(signal, answerTimeoutMs) : null;
  }

  async #start(replacesOne: boolean, signal: AbortSignal): Promise<C> {
    const { processes, kernel, onDeath } = this.#options;
    const { spec } = this.#kind;
    if (replacesOne) {
      await this.stop(0);
      onDeath(spec.name);
    }
    await this.#kind.prepare();
    await processes.start(kernel, spec);
    const connection = await this.#connect(signal, startTimeoutMs);
    await this.#kind.settle();
    return connection;
  }

  #keep(connection: C): C {
    this.#connection = connection;
    void connection.closed.then(() => {
      if (this.#connection !== connection) return;
      this.#connection = null;
      void this.#tellLoss();
    });
    return connection;
  }

  /** Dead is what has no process: a lost connection alone says nothing about the tunnels, nor does a process that cannot be looked for. */
  async #tellLoss(): Promise<void> {
    const { processes, onDeath, onDisconnect } = this.#options;
    const { spec } = this.#kind;
    const isDead = await processes.find(spec).then(
      (pid) => pid === null,
      () => false,
    );
    (isDead ? onDeath : onDisconnect)(spec.name);
  }

  /** Tries until it works, the time is up, or the process has died. */
  async #connect(signal: AbortSignal, timeoutMs: number): Promise<C> {
    const { processes, clock } = this.#options;
    const { spec } = this.#kind;
    return withPatience({ clock, ms: timeoutMs, signal }, async (limited) => {
      for (let tries = 1; ; tries++) {
        try {
          return await this.#kind.connect(limited);
        } catch (error) {
          signal.throwIfAborted();
          const isDead = tries % 20 === 0 && (await processes.find(spec)) === null;
          if (isDead || limited.aborted) {
            const end = isDead ? 'ended' : `did not answer in ${timeoutMs} ms`;
            throw new Error(`${spec.name} of ${spec.netns} ${end}; see ${spec.runDirectory}/${spec.name}.log`, {
              cause: error,
            });
          }
          await clock.delay(10, signal);
        }
      }
    });
  }
}

function unlessAborted(signal: AbortSignal): (error: unknown) => null {
  return () => {
    signal.throwIfAborted();
    return null;
  };
}
