import { spawn, type ChildProcess } from 'node:child_process';
import { withInterruption } from './interruption.ts';
import { acquireLabLock } from './lab-lock.ts';
import { expectNothingLeft } from './leak-check.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { hostNamespaceName } from './own-namespaces.ts';
import { sweepLab } from './sweep.ts';

export interface HostNamespaceOptions {
  /** Leaves the lab standing for a look around; the next run or `lab down` removes it. */
  readonly keep?: boolean;
  readonly onProgress?: (line: string) => void;
}

type LabWork<T> = (host: Namespace, signal: AbortSignal) => Promise<T>;

/**
 * Makes the namespace `lab-host`, of which there is one in a mount namespace, runs `work` (which starts processes in it) and
 * removes the lab whole afterwards: on success, on failure, on SIGINT and SIGTERM. Throws LabBusy, and LeakError when something
 * stays all the same. The machine's own network namespace is never touched.
 */
export async function withHostNamespace<T>(work: LabWork<T>, options: HostNamespaceOptions = {}): Promise<T> {
  const lock = await acquireLabLock();
  try {
    return await withInterruption((signal) => workInHostNamespace(work, options, signal));
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

/** Under the lock: what another lab makes is no leak of this one. */
async function workInHostNamespace<T>(
  work: LabWork<T>,
  options: HostNamespaceOptions,
  signal: AbortSignal,
): Promise<T> {
  try {
    const leftovers = await sweepLab();
    if (leftovers.length > 0) options.onProgress?.(`removed what an earlier lab had left: ${leftovers.join(' ')}`);
    const host = await Namespace.create(hostNamespaceName);
    const result = await work(host, signal);
    if (options.keep !== true) {
      await sweepLab();
      await expectNothingLeft('the lab was taken down', []);
    }
    return result;
  } finally {
    if (options.keep !== true || signal.aborted) await sweepLab();
  }
}

export interface ChildOptions {
  /** Receives what the child sends with `process.send`. Without it there is no such channel. */
  readonly onMessage?: (message: unknown) => void;
  readonly signal: AbortSignal;
}

/** Runs a Node program in `host` to its end and returns its exit code. An abort kills it and throws the reason. */
export async function runNodeIn(host: Namespace, argv: readonly string[], options: ChildOptions): Promise<number> {
  options.signal.throwIfAborted();
  const [file = '', ...parameters] = host.enter([process.execPath, ...argv]);
  const channel = options.onMessage === undefined ? [] : (['ipc'] as const);
  const child = spawn(file, parameters, { stdio: ['inherit', 'inherit', 'inherit', ...channel] });
  if (options.onMessage !== undefined) child.on('message', options.onMessage);
  const onAbort = (): boolean => child.kill('SIGKILL');
  options.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const code = await exitCode(child);
    options.signal.throwIfAborted();
    return code;
  } finally {
    options.signal.removeEventListener('abort', onAbort);
  }
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
