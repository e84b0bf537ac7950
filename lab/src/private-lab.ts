import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { labFolder } from './own-namespaces.ts';

/** What private-lab-process.ts tells: a message of its program, or why the lab itself failed. */
export type PrivateLabMessage = { readonly said: unknown } | { readonly failure: string };

/** A lab could not be made, or something was left in it; the message says which. */
class LabFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LabFailure';
  }
}

export interface PrivateLabOptions {
  /** Receives what the program sends with `process.send`. */
  readonly onMessage?: (message: unknown) => void;
  /** Receives what the program writes, in pieces; this process's own output unless given. */
  readonly onOutput?: (text: string) => void;
  /** What the program finds in its environment beside this process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const script = fileURLToPath(new URL('private-lab-process.ts', import.meta.url));

/**
 * Runs a Node program in the host namespace of a lab of its own, beside which others may run, and returns its exit code. Nothing
 * outlives it: not on success, on failure, on an abort (whose reason it throws), or on a SIGKILL of this process. Throws LabFailure.
 */
export async function runInPrivateLab(argv: readonly string[], options: PrivateLabOptions): Promise<number> {
  const { signal, onMessage, onOutput, environment } = options;
  signal.throwIfAborted();
  const [file = '', ...parameters] = inPrivatePlace([process.execPath, script, ...argv]);
  const output = onOutput === undefined ? 'inherit' : 'pipe';
  const child = spawn(file, parameters, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', output, output, 'ipc'],
    // A Ctrl-C is for this process alone, which ends the whole lab.
    detached: true,
  });
  let failure: string | undefined;
  child.on('message', (message: PrivateLabMessage) => {
    if ('failure' in message) failure = message.failure;
    else onMessage?.(message.said);
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => onOutput?.(String(text)));
  }
  const onAbort = (): boolean => child.kill('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const code = await exitCode(child);
    signal.throwIfAborted();
    if (failure !== undefined) throw new LabFailure(failure);
    return code;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Reaps orphans, and is the only child of a process that the kernel ends with its parent. */
const firstProcess = `
mkdir -p /run/netns "$1" &&
mount -t tmpfs -o mode=755 netns /run/netns &&
mount -t tmpfs -o mode=711 lab "$1" || exit 1
shift
"$@"
exit $?`;

/**
 * The same command in a place of its own. Network namespaces and the lab's files are behind mounts that nobody else sees, process
 * ids are of their own as well: no lab sees, counts or ends what is another's. When the command has ended, or the process that
 * started it is gone, the kernel ends all that it has started, and with the last of them go mounts and network namespaces.
 */
export function inPrivatePlace(argv: readonly string[]): string[] {
  const endsWithParent = ['setpriv', '--pdeathsig', 'KILL'];
  const apart = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return [...endsWithParent, ...apart, 'bash', '-c', firstProcess, 'lab', labFolder, ...argv];
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
