import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import type { HistoryQuestion, PackedSeries } from '../domain/operator/history.ts';
import type { TunnelObservation } from '../domain/operator/observation.ts';
import type { VpnGatewayId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import type { Logger } from '../platform/logger.ts';
import { nextTurn } from '../platform/loop-turn.ts';
import type { OwnFolder } from '../platform/own-folder.ts';
import { stepMs } from './history-store.ts';
import type { FromThread, ThreadData, ToThread } from './history-thread.ts';
import { encode } from './tallies.ts';
import { TunnelCounts } from './tunnel-counts.ts';
import type { UpTime } from './up-time.ts';

export interface HistoryOptions {
  /** While it is not there, as where the volume that it is on is not mounted, nothing is kept. */
  readonly folder: Pick<OwnFolder, 'find'>;
  /** Of the file. */
  readonly mostBytes: number;
  /** What is known now of every tunnel, gateway by gateway. */
  readonly readTunnels: () => Iterable<readonly [VpnGatewayId, readonly TunnelObservation[]]>;
  readonly readUpTime: () => UpTime;
  readonly clock: Pick<Clock, 'now' | 'elapsed' | 'delay'>;
  readonly logger: Logger;
}

/** For so long the loop is held at most, but by one gateway. */
const longestTurnMs = 4;
/** A disk that is slower loses steps; what passed meanwhile is in the next one. */
const mostStepsUnderWay = 6;
const mostQuestions = 8;
const closeWithinMs = 3000;

/**
 * What passed every tunnel in the last seven days, on the side that acts, so that it is kept without a controller. The file is in the
 * hands of a thread of its own.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #counts = new TunnelCounts();
  #lookedAt: number;
  #thread: Worker | null = null;
  #stepsUnderWay = 0;
  #problem = '';
  #number = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<readonly PackedSeries[]>>();

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#lookedAt = options.clock.elapsed();
  }

  /** For people; empty when all is kept. */
  get problem(): string {
    return this.#problem;
  }

  /** Looks at every step's end until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.delay(untilNextStep(clock.now()), signal).catch(() => undefined);
      if (!isAborted(signal)) await this.look();
    }
    await this.#close();
  }

  /** What has passed since the last time, as a step that ends now. */
  async look(): Promise<void> {
    if (!this.#hasPlace()) return;
    if (this.#stepsUnderWay >= mostStepsUnderWay) {
      this.#note('its file is too slow');
      return;
    }
    const { clock, readTunnels, readUpTime } = this.#options;
    const [at, now, upTime] = [clock.elapsed(), clock.now(), readUpTime()];
    const sinceMs = at - this.#lookedAt;
    this.#lookedAt = at;
    const gateways = new Map<VpnGatewayId, Uint8Array>();
    let turnAt = performance.now();
    for (const [gateway, tunnels] of readTunnels()) {
      const tallies = tunnels.flatMap((tunnel) => {
        const tally = this.#counts.look(tunnel, at, sinceMs);
        return tally === null ? [] : [[tunnel.id, tally] as const];
      });
      if (tallies.length > 0) gateways.set(gateway, encode(new Map(tallies)));
      if (performance.now() - turnAt < longestTurnMs) continue;
      await nextTurn();
      turnAt = performance.now();
    }
    this.#counts.done();
    if (gateways.size === 0) return;
    this.#stepsUnderWay += 1;
    this.#say({ kind: 'step', step: { upTime, now, gateways } });
  }

  /** Rejects when too many ask, or the file cannot be read. */
  async ask(question: HistoryQuestion): Promise<readonly PackedSeries[]> {
    if (this.#waiting.size >= mostQuestions) throw new Error('too many questions about the history wait');
    if (!this.#hasPlace()) throw new Error('nothing is kept yet');
    const { clock, readUpTime } = this.#options;
    const number = ++this.#number;
    const answer = Promise.withResolvers<readonly PackedSeries[]>();
    this.#waiting.set(number, answer);
    this.#say({ kind: 'question', number, question: { ...question, upTime: readUpTime(), now: clock.now() } });
    return answer.promise.finally(() => this.#waiting.delete(number));
  }

  #hasPlace(): boolean {
    return this.#thread !== null || this.#options.folder.find() !== undefined;
  }

  #say(message: ToThread): void {
    try {
      this.#thread ??= this.#start();
      this.#thread.postMessage(message);
    } catch (error) {
      this.#fail(describeError(error));
    }
  }

  #start(): Worker {
    const { folder, mostBytes } = this.#options;
    const thread = new Worker(new URL('./history-thread.ts', import.meta.url), {
      workerData: { path: join(folder.find() ?? '', 'history.sqlite'), mostBytes } satisfies ThreadData,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    thread.unref();
    thread.on('message', (message: FromThread) => this.#hear(message));
    thread.on('error', (error) => this.#fail(describeError(error)));
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = null;
    });
    return thread;
  }

  #hear(message: FromThread): void {
    switch (message.kind) {
      case 'kept':
        this.#stepsUnderWay -= 1;
        this.#note(message.error ?? '');
        break;
      case 'answer':
        this.#waiting.get(message.number)?.resolve(message.series);
        break;
      case 'failure':
        this.#waiting.get(message.number)?.reject(new Error(message.error));
        break;
      case 'replaced':
        this.#options.logger.warn({ why: message.why }, 'the history could not be read, and begins anew');
        break;
    }
  }

  /** The next step, or question, starts another thread. */
  #fail(why: string): void {
    this.#note(why);
    this.#thread = null;
    this.#stepsUnderWay = 0;
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
  }

  /** The log hears of each problem once. */
  #note(problem: string): void {
    if (problem !== '' && problem !== this.#problem)
      this.#options.logger.warn({ why: problem }, 'the history has a gap');
    this.#problem = problem;
  }

  async #close(): Promise<void> {
    const thread = this.#thread;
    if (thread === null) return;
    const closed = once(thread, 'exit', { signal: AbortSignal.timeout(closeWithinMs) }).catch(() => thread.terminate());
    thread.postMessage({ kind: 'close' } satisfies ToThread);
    await closed;
  }
}

/** Never so little that a timer that comes early makes two of one. */
function untilNextStep(now: number): number {
  const left = stepMs - (now % stepMs);
  return left < stepMs / 10 ? left + stepMs : left;
}

/** Anew each time: it changes while somebody waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
