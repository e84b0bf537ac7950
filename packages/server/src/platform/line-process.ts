import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { baseEnvironment } from './commands.ts';

/** A program that goes on writing lines until it is ended; unlike a daemon it ends with us. */
export interface LineProcess {
  readonly pid: number | undefined;
  /** Resolves with what is known about the end; never rejects. */
  readonly ended: Promise<string>;
  kill(): void;
}

export interface LineProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

export type StartLineProcess = (argv: readonly string[], options: LineProcessOptions) => LineProcess;

const longestErrorText = 500;

export const startLineProcess: StartLineProcess = (argv, { env, onLine }) => {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    cwd: '/',
    env: { ...baseEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-longestErrorText)));
  createInterface({ input: child.stdout }).on('line', onLine);
  return {
    pid: child.pid,
    ended: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`${signal ?? `exit code ${code}`} ${errors.trim()}`.trim()));
    }),
    kill: () => void child.kill('SIGKILL'),
  };
};
