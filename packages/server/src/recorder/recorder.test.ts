import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultRecorderBounds, type RecordedKind } from '../domain/operator/timeline.ts';
import { systemClock } from '../platform/clock.ts';
import { Recorder, recorderFileName, type RecorderOptions, type Thread } from './recorder.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

const tunnel = 'vpnx-a0000000';
const gateway = 'vpngw-one00000';

let folder: string;
let logged: string[];
const recorders: Recorder[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-recorder-'));
  logged = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(recorders.splice(0).map((recorder) => recorder.close()));
  rmSync(folder, { recursive: true, force: true });
});

function start(options: Partial<RecorderOptions> = {}): Recorder {
  const recorder = new Recorder({
    folder: { find: () => folder },
    bounds: defaultRecorderBounds,
    gatewayOf: (id) => (id === tunnel ? gateway : undefined),
    clock: systemClock,
    logger: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    // Threads that are none never say that they have ended.
    ...(options.startThread === undefined ? {} : { clock: { ...systemClock, delay: () => Promise.resolve() } }),
    ...options,
  });
  recorders.push(recorder);
  return recorder;
}

const note = (recorder: Recorder, text: string, kind: RecordedKind = 'event', subject = tunnel) =>
  recorder.note({ subject, kind, text });

async function read(recorder: Recorder, subject = tunnel): Promise<string[]> {
  const question = { from: null, to: null, kinds: null, order: 'oldest-first', after: null, limit: 500 } as const;
  return (await recorder.page({ subject, ...question })).lines.map(({ text }) => text);
}

const problem = (recorder: Recorder) =>
  recorder
    .readConditions()
    .map(({ ok, message }) => (ok ? '' : message))
    .join();

describe('the flight recorder', () => {
  it('writes nothing while its folder is not there, and what waits once it is', async () => {
    const place: { path?: string } = {};
    const recorder = start({ folder: { find: () => place.path } });
    note(recorder, '1');
    await expect(read(recorder)).rejects.toThrow('nothing is kept yet');
    await recorder.close();
    expect(readdirSync(folder)).toEqual([]);
    const next = start({ folder: { find: () => place.path } });
    note(next, '2');
    place.path = folder;
    expect(await read(next)).toEqual(['2']);
  });

  it('tells what was said at once, of a gateway what its tunnels said, and after a restart', async () => {
    const first = start();
    note(first, '1');
    note(first, '2', 'plan', gateway);
    expect(await read(first)).toEqual(['1']);
    note(first, '3');
    await first.close();
    const next = start();
    expect(await read(next, gateway)).toEqual(['1', '2', '3']);
    note(next, '4');
    expect(await read(next)).toEqual(['1', '3', '4']);
    expect(problem(next)).toBe('');
    expect(statSync(join(folder, recorderFileName)).mode & 0o077).toBe(0);
  });

  it('writes by itself within a moment, all of it in one transaction', async () => {
    const posted: ToThread[] = [];
    const recorder = start({ startThread: () => ({ ...silent, postMessage: (message) => void posted.push(message) }) });
    for (let n = 0; n < 50; n++) note(recorder, String(n));
    expect(posted).toEqual([]);
    await vi.waitFor(() => expect(posted).toHaveLength(1), { timeout: 5000 });
    expect(posted.map((message) => message.kind === 'keep' && message.lines.length)).toEqual([50]);
  });

  it('counts what is too much of one kind in one moment, and keeps what others say', async () => {
    const recorder = start();
    for (let n = 0; n < 5000; n++) note(recorder, `flood ${n}`, 'ike');
    note(recorder, 'the story', 'state');
    const texts = await read(recorder);
    expect(texts).toHaveLength(102);
    expect(texts).toContain('the story');
    expect(texts).toContain('… and 4900 more within a second');
  });

  it('of a thread that takes nothing, waits with so many lines and loses the rest', () => {
    const posted: ToThread[] = [];
    const recorder = start({ startThread: () => ({ ...silent, postMessage: (message) => void posted.push(message) }) });
    for (let n = 0; n < 30_000; n++) note(recorder, 'x', 'ike', `vpnx-${String(n).padStart(8, '0')}`);
    expect(problem(recorder)).toContain('10000 lines of history were lost');
    expect(logged).toHaveLength(1);
    void read(recorder).catch(() => undefined);
    expect(posted.map((message) => message.kind === 'keep' && message.lines.length)).toEqual([20_000, false]);
  });
});

describe('lines that are under way', () => {
  /** Answers when the test says so. */
  function thread() {
    const posted: ToThread[] = [];
    let hear: (message: FromThread) => void = () => undefined;
    const started: Thread = {
      unref: () => undefined,
      postMessage: (message) => void posted.push(message),
      on: (event: string, listener: never) => {
        if (event === 'message') hear = listener;
      },
    };
    const kept = (lost = 0) =>
      hear({ kind: 'kept', lost, problem: lost === 0 ? '' : 'the disk is full', setAside: '' });
    return { posted, started, kept };
  }

  it('are those of messages without an answer, and nothing is written by itself before it came', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { posted, started, kept } = thread();
    const recorder = start({ startThread: () => started });
    const keeps = () => posted.filter(({ kind }) => kind === 'keep').length;
    note(recorder, '1');
    void read(recorder).catch(() => undefined);
    note(recorder, '2');
    void read(recorder).catch(() => undefined);
    expect(keeps()).toBe(2);
    // One of two.
    kept(1);
    note(recorder, '3');
    await vi.advanceTimersByTimeAsync(3000);
    expect(keeps()).toBe(2);
    kept();
    await vi.advanceTimersByTimeAsync(1000);
    expect(keeps()).toBe(3);
  });

  it('are lost with their thread, all that were not answered for', () => {
    const { started, kept } = thread();
    let exit: () => void = () => undefined;
    const on = started.on.bind(started);
    started.on = (event: string, listener: never) =>
      event === 'exit' ? (exit = listener) : on(event as never, listener);
    const recorder = start({ startThread: () => started });
    for (const text of ['1', '2', '3']) {
      note(recorder, text);
      void read(recorder).catch(() => undefined);
    }
    kept();
    exit();
    expect(problem(recorder)).toContain('2 lines of history were lost');
  });
});

it('a flood of many subjects costs as much for each of them as one of few', () => {
  const posted: ToThread[] = [];
  const recorder = start({ startThread: () => ({ ...silent, postMessage: (message) => void posted.push(message) }) });
  const subjects = Array.from({ length: 190 }, (_, n) => `vpnx-${String(n).padStart(8, '0')}`);
  for (const subject of subjects) for (let n = 0; n < 101; n++) note(recorder, `flood ${n}`, 'ike', subject);
  void read(recorder).catch(() => undefined);
  const [keep] = posted;
  const lines = keep?.kind === 'keep' ? keep.lines : [];
  expect(lines).toHaveLength(190 * 101);
  expect(lines.slice(-190).map(({ subject, text }) => [subject, text])).toEqual(
    subjects.map((subject) => [subject, '… and 1 more within a second']),
  );
});

describe('a file that is corrupt', () => {
  it.each<[string, (path: string) => void]>([
    ['is something else', (path) => writeFileSync(path, 'this is no database '.repeat(1000))],
    ['has holes', (path) => tear(path)],
    ['is of another form', (path) => remake(path)],
  ])('because it %s is put aside, and a new one begun', async (_, harm) => {
    const first = start();
    for (let n = 0; n < 90; n++) note(first, `before ${n} ${'x'.repeat(400)}`);
    expect(await read(first)).toHaveLength(90);
    await first.close();
    const path = join(folder, recorderFileName);
    harm(path);
    const harmed = readFileSync(path);
    const next = start();
    note(next, 'after');
    expect(await read(next)).toEqual(['after']);
    const aside = readFileSync(`${path}.corrupt`);
    expect(aside.length).toBeGreaterThanOrEqual(harmed.length);
    expect(aside.subarray(0, 16)).toEqual(harmed.subarray(0, 16));
    expect(problem(next)).toContain('its file was corrupt and lies aside');
    expect(logged.filter((line) => line.includes('begins a new file'))).toHaveLength(1);
    note(next, 'on');
    expect(await read(next)).toEqual(['after', 'on']);
    await next.close();
    // What lay aside before is replaced: one at most.
    harm(path);
    const last = start();
    note(last, 'again');
    expect(await read(last)).toEqual(['again']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.corrupt'))).toHaveLength(1);
  });
});

/** Zeros over the second half. */
function tear(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096)]));
}

function remake(path: string): void {
  truncateSync(path);
  const other = new DatabaseSync(path);
  other.exec('CREATE TABLE lines (id INTEGER PRIMARY KEY, words TEXT)');
  other.close();
}

it('a thread that ends is followed by another; questions to it are answered with why', async () => {
  let listeners: { exit?: () => void } = {};
  const dying: Thread = {
    ...silent,
    on: (event: string, listener: never) => {
      if (event === 'exit') listeners = { exit: listener };
    },
  };
  let starts = 0;
  const recorder = start({ startThread: () => (++starts, dying) });
  note(recorder, 'lost');
  const answer = read(recorder);
  listeners.exit?.();
  await expect(answer).rejects.toThrow('the recorder cannot be read: its thread ended');
  expect(problem(recorder)).toContain('1 lines of history were lost');
  note(recorder, 'next');
  void read(recorder).catch(() => undefined);
  expect(starts).toBe(2);
  listeners.exit?.();
});

/** Takes everything and answers nothing. */
const silent: Thread = { postMessage: () => undefined, on: () => undefined, unref: () => undefined };
