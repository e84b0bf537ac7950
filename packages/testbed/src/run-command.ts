import { spawn } from 'node:child_process';
import { patience } from './poll.ts';

export interface CommandResult {
  readonly argv: readonly string[];
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string;
  /** Milliseconds after which the command is killed, times `patience`; 30 s unless told otherwise. */
  readonly within?: number;
  readonly signal?: AbortSignal;
}

/** A command that ended with something else than 0. */
export class CommandError extends Error {
  readonly result: CommandResult;

  constructor(result: CommandResult) {
    super(
      `${result.argv.join(' ')} ended with ${result.code ?? 'a signal'}: ${result.stderr.trim() || result.stdout.trim()}`,
    );
    this.name = 'CommandError';
    this.result = result;
  }
}

/** Runs an argument vector (no shell) to its end. Rejects only when it cannot be started or was aborted. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file, ...parameters] = argv;
  if (file === undefined) throw new Error('an empty command');
  const timeout = AbortSignal.timeout((options.within ?? 30_000) * patience);
  const child = spawn(file, parameters, {
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    killSignal: 'SIGKILL',
    signal: options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]),
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), exitOf(child)]);
  return { argv, code, stdout, stderr };
}

/** As runCommand; returns standard output and throws CommandError for a failure. */
export async function runChecked(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runCommand(argv, options);
  if (result.code !== 0) throw new CommandError(result);
  return result.stdout;
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function exitOf(child: NodeJS.EventEmitter): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code: number | null) => resolve(code));
  });
}
