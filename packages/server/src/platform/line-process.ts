import { spawn } from 'node:child_process';
import { baseEnvironment } from './commands.ts';

/** A program that reads and writes lines until it is ended; unlike a daemon it ends with us, when its input does. */
export interface LineProcess {
  readonly pid: number | undefined;
  /** Resolves with what is known about the end; never rejects. */
  readonly ended: Promise<string>;
  writeLine(line: string): void;
  kill(): void;
}

export interface LineProcessOptions {
  readonly onLine: (line: string) => void;
}

export type StartLineProcess = (argv: readonly string[], options: LineProcessOptions) => LineProcess;

const longestErrorText = 500;
/** A program that begins a longer one is broken, and is ended. */
const longestLine = 1024 * 1024;

export const startLineProcess: StartLineProcess = (argv, { onLine }) => {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: '/', env: { ...baseEnvironment }, stdio: ['pipe', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  let errors = '';
  let begun = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-longestErrorText)));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    if (begun.length > longestLine) kill();
    for (const line of lines) onLine(line);
  });
  // Its end is told by `ended`.
  child.stdin.on('error', () => undefined);
  return {
    pid: child.pid,
    ended: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`${signal ?? `exit code ${code}`} ${errors.trim()}`.trim()));
    }),
    writeLine: (line) => void child.stdin.write(`${line}\n`),
    kill,
  };
};
