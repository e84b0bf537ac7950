import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { systemClock } from './clock.ts';
import { outlast, waitIsOver } from './patience.ts';

/** Running programs: argument vectors only, never a shell, always the C locale. */
export interface Commands {
  /** Resolves with standard output when the program ends with 0; rejects with CommandError otherwise. */
  run(argv: readonly string[], options?: RunOptions): Promise<string>;
  /** Starts a program that outlives this process, in a session of its own; resolves with its process id. */
  start(argv: readonly string[], options: StartOptions): Promise<number>;
}

export interface RunOptions {
  /** Standard input. Never part of an error: it may hold secrets. */
  readonly input?: string;
  /** Without what our own event loop missed. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface StartOptions {
  /** Standard output and error are appended to this file. */
  readonly outputFile: string;
  /** The whole environment beside PATH and the locale. */
  readonly env: Readonly<Record<string, string>>;
}

export class CommandError extends Error {
  readonly argv: readonly string[];
  /** Null when the program was killed or could not be started. */
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(argv: readonly string[], exitCode: number | null, stderr: string, reason: string) {
    const detail = stderr.trim();
    super(`${argv.join(' ')}: ${reason}${detail === '' ? '' : `: ${detail}`}`);
    this.name = 'CommandError';
    this.argv = argv;
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

const defaultTimeoutMs = 20_000;
const maxOutputBytes = 64 * 1024 * 1024;
const maxErrorBytes = 16 * 1024;
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of every program we run: nothing of ours is handed on. */
export const baseEnvironment = { PATH: searchPath, LC_ALL: 'C' };

export const systemCommands: Commands = { run: runCommand, start: startDetached };

function runCommand(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted === true) {
      reject(options.signal.reason as Error);
      return;
    }
    const child = spawn(program, args, { env: baseEnvironment, stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout = new BoundedText(maxOutputBytes);
    const stderr = new BoundedText(maxErrorBytes);
    let stopped: Error | null = null;
    const stop = (reason: Error) => {
      stopped ??= reason;
      child.kill('SIGKILL');
    };
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    const ended = new AbortController();
    outlast(systemClock, timeoutMs, ended.signal).then(
      () => stop(new CommandError(argv, null, stderr.text(), `no result after ${timeoutMs} ms`)),
      () => undefined,
    );
    const onAbort = () => stop(options.signal?.reason as Error);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const finish = () => {
      ended.abort(waitIsOver);
      options.signal?.removeEventListener('abort', onAbort);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      if (!stdout.add(chunk)) stop(new CommandError(argv, null, '', `more than ${maxOutputBytes} bytes of output`));
    });
    child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
    // The program may end without reading its input; its exit code tells what matters.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => {
      finish();
      reject(new CommandError(argv, null, '', `cannot be started (${error.message})`));
    });
    child.on('close', (code, signal) => {
      finish();
      if (stopped !== null) reject(stopped);
      else if (code === 0) resolve(stdout.text());
      else reject(new CommandError(argv, code, stderr.text(), signal ?? `exit code ${code}`));
    });
  });
}

function startDetached(argv: readonly string[], options: StartOptions): Promise<number> {
  const [program = '', ...args] = argv;
  const output = openSync(options.outputFile, 'a', 0o600);
  const child = spawn(program, args, {
    detached: true,
    cwd: '/',
    env: { ...baseEnvironment, ...options.env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new CommandError(argv, null, '', `cannot be started (${error.message})`)));
    child.once('spawn', () => (child.pid === undefined ? undefined : resolve(child.pid)));
  });
}

/** Collects output up to a limit and drops the rest. */
class BoundedText {
  readonly #chunks: Buffer[] = [];
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when this chunk went over the limit. */
  add(chunk: Buffer): boolean {
    const room = this.#limit - this.#size;
    this.#size += chunk.length;
    if (room > 0) this.#chunks.push(chunk.subarray(0, room));
    return chunk.length <= room;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
