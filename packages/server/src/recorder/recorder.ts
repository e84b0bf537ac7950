import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { cutText } from '../domain/cut-text.ts';
import type { Condition } from '../domain/operator/condition.ts';
import type { NewLine, RecordedPage, RecordedSelection, RecorderBounds } from '../domain/operator/timeline.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import type { OwnFolder } from '../platform/own-folder.ts';
import type { LineToKeep } from './line-store.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

export interface RecorderOptions {
  /** Of root alone. While it is not there, as where the volume that it is on is not mounted, nothing is written. */
  readonly folder: Pick<OwnFolder, 'find'>;
  readonly bounds: RecorderBounds;
  /** The gateway of a tunnel; undefined: not known. */
  readonly gatewayOf: (tunnel: string) => string | undefined;
  readonly clock: Pick<Clock, 'now' | 'delay'>;
  readonly logger: Logger;
  /** In this file's folder when absent; tests bring another. */
  readonly startThread?: (data: ThreadData) => Thread;
}

/** What was said of one subject and kind within a second. */
interface Told {
  lines: number;
  /** Beyond those. */
  leftOut: number;
  last: LineToKeep | null;
}

/** As a Worker is. */
export interface Thread {
  postMessage(message: ToThread): void;
  on(event: 'message', listener: (message: FromThread) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  unref(): void;
}

export const recorderFileName = 'recorder.db';
/** One transaction at most in this time. */
const writeMs = 1000;
/** More of one subject and kind between two transactions are counted only: nobody reads a flood. */
const mostOfOne = 100;
/** More that wait for the disk are lost. */
const mostWaiting = 20_000;
const longestText = 4000;
const closeWithinMs = 2000;
const mostQuestions = 16;

/**
 * The flight recorder: whoever has something to tell says it here, at no more cost than a place in a list. Once a second what was said
 * goes to a thread that writes it. Nothing that goes wrong there is anybody else's trouble; a condition tells.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  #waiting: LineToKeep[] = [];
  /** By subject and kind, since the last transaction. */
  #told = new Map<string, Told>();
  #thread: Thread | null = null;
  /** How many lines the thread has not answered for, message by message. */
  #underWay: number[] = [];
  readonly #writing = new Later(() => this.#write());
  readonly #questions = new Map<number, PromiseWithResolvers<RecordedPage>>();
  #number = 0;
  #ended = Promise.withResolvers<undefined>();
  #isClosing = false;
  #lost = 0;
  #problem = '';
  #setAside = '';

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  note({ subject, kind, text, detail }: NewLine): void {
    const key = `${subject} ${kind}`;
    const told = this.#told.get(key) ?? { leftOut: 0, lines: 0, last: null };
    this.#told.set(key, told);
    this.#writing.in(writeMs);
    if (told.lines === mostOfOne) {
      told.leftOut += 1;
      return;
    }
    if (this.#waiting.length >= mostWaiting) {
      this.#lose(1, 'the disk takes them too slowly');
      return;
    }
    const holder = subject.startsWith('vpnx-') ? (this.#options.gatewayOf(subject) ?? '') : subject;
    const at = this.#options.clock.now();
    const line = { subject, holder, kind, at, text: cutText(text, longestText), detail: detail ?? null };
    this.#waiting.push(line);
    told.lines += 1;
    told.last = line;
  }

  /** With all that was said before. Rejects where that cannot be read. */
  async page(selection: RecordedSelection): Promise<RecordedPage> {
    if (this.#questions.size >= mostQuestions) throw new Error('too many questions wait for the recorder');
    if (!this.#hasPlace()) throw new Error('nothing is kept yet');
    this.#flush();
    const number = ++this.#number;
    const answer = Promise.withResolvers<RecordedPage>();
    this.#questions.set(number, answer);
    this.#post({ kind: 'page', number, selection });
    return answer.promise.finally(() => this.#questions.delete(number));
  }

  readConditions(): Condition[] {
    const problems = [
      ...(this.#problem === '' ? [] : [`${this.#lost} lines of history were lost: ${this.#problem}`]),
      ...(this.#setAside === '' ? [] : [`its file was corrupt and lies aside: ${this.#setAside}`]),
    ];
    return [{ name: 'flight recorder', ok: problems.length === 0, message: problems.join('; ') }];
  }

  /** What was said is in the file, unless that takes too long. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#writing.cancel();
    if (this.#hasPlace()) this.#flush();
    if (this.#thread === null) return;
    this.#post({ kind: 'close' });
    const late = new AbortController();
    await Promise.race([
      this.#ended.promise,
      this.#options.clock.delay(closeWithinMs, late.signal).catch(() => undefined),
    ]);
    late.abort();
  }

  /** One transaction after the other: what a slow disk makes wait, waits here. */
  #write(): void {
    if (!this.#hasPlace()) this.#writing.in(writeMs);
    else if (this.#underWay.length === 0) this.#flush();
  }

  #hasPlace(): boolean {
    return this.#thread !== null || this.#options.folder.find() !== undefined;
  }

  #flush(): void {
    for (const told of this.#told.values()) this.#tellLeftOut(told);
    this.#told.clear();
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting;
    this.#waiting = [];
    this.#underWay.push(lines.length);
    this.#post({ kind: 'keep', lines });
  }

  #tellLeftOut({ leftOut, last }: Told): void {
    if (leftOut === 0 || last === null) return;
    this.#waiting.push({ ...last, text: `… and ${leftOut} more within a second`, detail: null });
  }

  #hear(message: FromThread): void {
    if (message.kind === 'page') {
      const question = this.#questions.get(message.number);
      if (message.page === null) question?.reject(new Error(message.error ?? ''));
      else question?.resolve(message.page);
      return;
    }
    this.#underWay.shift();
    const { lost, problem, setAside } = message;
    if (setAside !== this.#setAside) this.#options.logger.error({ setAside }, 'the flight recorder begins a new file');
    this.#setAside = setAside;
    if (lost > 0) this.#lose(lost, problem);
    else this.#recover();
    if (this.#waiting.length > 0) this.#writing.in(writeMs);
  }

  #lose(count: number, problem: string): void {
    if (this.#problem === '') this.#options.logger.error({ problem }, 'the flight recorder loses lines');
    this.#lost += count;
    this.#problem = problem;
  }

  #recover(): void {
    if (this.#problem === '') return;
    this.#options.logger.info({ lost: this.#lost }, 'the flight recorder writes again');
    this.#problem = '';
    this.#lost = 0;
  }

  #post(message: ToThread): void {
    try {
      this.#thread ??= this.#start();
      this.#thread.postMessage(message);
    } catch (error) {
      this.#fail(describeError(error), message);
    }
  }

  #start(): Thread {
    const { folder, bounds, startThread = startWorker } = this.#options;
    const thread = startThread({ path: join(folder.find() ?? '', recorderFileName), bounds });
    thread.unref();
    this.#ended = Promise.withResolvers();
    let why = 'its thread ended';
    thread.on('message', (message) => this.#hear(message));
    thread.on('error', (error) => (why = error.message));
    thread.on('exit', () => this.#endOf(thread, why));
    return thread;
  }

  /** The next one is started for the next lines. */
  #endOf(thread: Thread, why: string): void {
    if (thread !== this.#thread) return;
    this.#thread = null;
    this.#ended.resolve(undefined);
    const lost = this.#underWay.reduce((sum, lines) => sum + lines, 0);
    if (!this.#isClosing && lost > 0) this.#lose(lost, why);
    this.#underWay = [];
    for (const { reject } of this.#questions.values()) reject(new Error(`the recorder cannot be read: ${why}`));
  }

  /** It did not even come to the thread. */
  #fail(problem: string, message: ToThread): void {
    if (message.kind === 'keep') {
      this.#underWay.pop();
      this.#lose(message.lines.length, problem);
    }
    if (message.kind === 'page') this.#questions.get(message.number)?.reject(new Error(problem));
  }
}

function startWorker(workerData: ThreadData): Thread {
  const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };
  return new Worker(new URL('./recorder-thread.ts', import.meta.url), { workerData, resourceLimits });
}
