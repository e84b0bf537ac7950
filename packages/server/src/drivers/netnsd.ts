import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { systemClock } from '../platform/clock.ts';
import { baseEnvironment } from '../platform/commands.ts';
import { outlast, waitIsOver } from '../platform/patience.ts';

/**
 * What is said to the kernel inside a network namespace. Each takes the namespace's name on this machine, or null for the one
 * that this process lives in.
 */
export interface Netnsd {
  /** An answer for each query, in the words of ip(8) and tc(8): what `ip -Numeric -details -json` prints (netnsd/ip_show.h). */
  show(netns: string | null, queries: readonly string[], signal?: AbortSignal): Promise<unknown[][]>;
  /** Everything at once; what came before is not told to whoever watches any more. */
  look(netns: string | null, questions: Questions, signal?: AbortSignal): Promise<Look>;
  /** Lines of ip(8), each tried whatever became of the others; for each null, or why it could not be done. */
  change(netns: string | null, lines: readonly string[], signal?: AbortSignal): Promise<(string | null)[]>;
  /** What `nft -j` prints for each of the commands, one JSON text a line. Rejects with what it says. */
  listNft(netns: string | null, commands: string, signal?: AbortSignal): Promise<string>;
  /** A script of nft(8), as one transaction. Rejects with what it says. */
  runNft(netns: string | null, script: string, signal?: AbortSignal): Promise<void>;
  /** By paths below /proc/sys; null where the kernel has none. */
  readSysctls(netns: string | null, paths: readonly string[], signal?: AbortSignal): Promise<(string | null)[]>;
  /** Paths and values. What the kernel does not have is passed over. */
  writeSysctls(
    netns: string | null,
    values: readonly (readonly [string, string])[],
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * From now on `onChange` is told when somebody else changed something there, until the namespace is gone or the watch is lost, which
   * it is told as well: words such as `links`, `routes`, `nft`, `settings`; `lost`, `gone`. Told at once, then not again for half a second.
   */
  watch(netns: string | null, onChange: (changed: readonly string[]) => void, signal?: AbortSignal): Promise<void>;
  /** As `ip netns add`; false where the name is taken. */
  add(netns: string, signal?: AbortSignal): Promise<boolean>;
  /** As `ip netns delete`; false where there is none. */
  remove(netns: string, signal?: AbortSignal): Promise<boolean>;
  /** Somebody else makes and removes these devices at our request: what becomes of them is no news for whoever watches. Until it is said anew. */
  expect(netns: string | null, devices: readonly string[], signal?: AbortSignal): Promise<void>;
}

/** The same, but for what somebody else answers. */
export function withOther(netnsd: Netnsd, other: Partial<Netnsd>): Netnsd {
  return {
    ...{ show: netnsd.show.bind(netnsd), look: netnsd.look.bind(netnsd), watch: netnsd.watch.bind(netnsd) },
    ...{ change: netnsd.change.bind(netnsd), listNft: netnsd.listNft.bind(netnsd), runNft: netnsd.runNft.bind(netnsd) },
    ...{ readSysctls: netnsd.readSysctls.bind(netnsd), writeSysctls: netnsd.writeSysctls.bind(netnsd) },
    ...{ expect: netnsd.expect.bind(netnsd), add: netnsd.add.bind(netnsd), remove: netnsd.remove.bind(netnsd) },
    ...other,
  };
}

export interface Questions {
  /** As for `show`. */
  readonly queries: readonly string[];
  /** As for `readSysctls`. */
  readonly paths: readonly string[];
  /** As for `listNft`. */
  readonly commands: string;
}

export interface Look {
  readonly answers: readonly unknown[][];
  readonly values: readonly (string | null)[];
  readonly nft: string;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** The kernel answers at once; what takes longer than this is stuck. */
const defaultMostMs = 20_000;
const longestErrorText = 500;
/** As much as other programs may say to us (platform/commands.ts). */
const mostAnswerBytes = 64 * 1024 * 1024;

/**
 * The process netnsd (packages/uxfrm/netnsd): started when it is needed, started again when it has ended, ended when it does not
 * answer. It ends with this one, and keeps this one from ending only while somebody waits for an answer.
 */
export class NetnsdProcess implements Netnsd {
  readonly #argv: readonly string[];
  readonly #mostMs: number;
  readonly #watches = new Map<string | null, (changed: readonly string[]) => void>();
  #running: Conversation | null = null;

  constructor(argv: readonly string[], { mostMs = defaultMostMs }: { readonly mostMs?: number } = {}) {
    this.#argv = argv;
    this.#mostMs = mostMs;
  }

  async show(netns: string | null, queries: readonly string[], signal?: AbortSignal): Promise<unknown[][]> {
    return (await this.#ask(netns, 'show', { queries }, signal)) as unknown[][];
  }

  async look(netns: string | null, questions: Questions, signal?: AbortSignal): Promise<Look> {
    return (await this.#ask(netns, 'look', questions, signal)) as Look;
  }

  async change(netns: string | null, lines: readonly string[], signal?: AbortSignal): Promise<(string | null)[]> {
    return (await this.#ask(netns, 'change', { lines }, signal)) as (string | null)[];
  }

  async listNft(netns: string | null, commands: string, signal?: AbortSignal): Promise<string> {
    return (await this.#ask(netns, 'nft-list', { commands }, signal)) as string;
  }

  async runNft(netns: string | null, script: string, signal?: AbortSignal): Promise<void> {
    await this.#ask(netns, 'nft-run', { script }, signal);
  }

  async readSysctls(netns: string | null, paths: readonly string[], signal?: AbortSignal): Promise<(string | null)[]> {
    return (await this.#ask(netns, 'sysctl-read', { paths }, signal)) as (string | null)[];
  }

  async writeSysctls(
    netns: string | null,
    values: readonly (readonly [string, string])[],
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#ask(netns, 'sysctl-write', { values }, signal);
  }

  async watch(
    netns: string | null,
    onChange: (changed: readonly string[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    this.#watches.set(netns, onChange);
    await this.#ask(netns, 'watch', {}, signal);
  }

  async add(netns: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.#ask(netns, 'add', {}, signal)) as boolean;
  }

  async remove(netns: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.#ask(netns, 'remove', {}, signal)) as boolean;
  }

  async expect(netns: string | null, devices: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.#ask(netns, 'expect', { devices }, signal);
  }

  /** The process's id, while there is one. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  async #ask(netns: string | null, what: string, more: object, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    this.#running ??= this.#start();
    return this.#running.ask({ netns, do: what, ...more }, signal);
  }

  #start(): Conversation {
    const conversation = new Conversation(this.#argv, {
      mostMs: this.#mostMs,
      onChange: (netns, changed) => this.#tell(netns, changed),
      onEnd: () => {
        if (this.#running !== conversation) return;
        this.#running = null;
        for (const netns of [...this.#watches.keys()]) this.#tell(netns, ['lost']);
      },
    });
    return conversation;
  }

  #tell(netns: string | null, changed: readonly string[]): void {
    const onChange = this.#watches.get(netns);
    if (this.#running === null || changed.includes('gone')) this.#watches.delete(netns);
    onChange?.(changed);
  }
}

interface Listener {
  /** For an answer, milliseconds. */
  readonly mostMs: number;
  readonly onChange: (netns: string | null, changed: readonly string[]) => void;
  readonly onEnd: () => void;
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly netns?: string | null;
  readonly changed?: readonly string[];
}

/** One life of the process. */
class Conversation {
  readonly #child: Child;
  readonly #listener: Listener;
  readonly #waiting = new Map<number, Waiting>();
  /** Of a line that is not whole yet. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  #errors = '';
  #lastId = 0;
  #hasEnded = false;

  constructor([program = '', ...args]: readonly string[], listener: Listener) {
    this.#listener = listener;
    this.#child = spawn(program, args, { cwd: '/', env: baseEnvironment, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (this.#errors = (this.#errors + text).slice(-longestErrorText)));
    // Its end tells what matters.
    this.#child.stdin.on('error', () => undefined);
    this.#child.once('error', (error) => this.#end(`cannot be started (${error.message})`));
    this.#child.once('close', (code, signal) => this.#end(`${signal ?? `exit code ${code}`} ${this.#errors}`.trim()));
    this.#hold(false);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  ask(request: object, signal?: AbortSignal): Promise<unknown> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const answered = new AbortController();
    const onAbort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#waiting.set(id, { resolve, reject });
    this.#hold(true);
    this.#child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    const { mostMs } = this.#listener;
    outlast(systemClock, mostMs, answered.signal).then(
      () => this.#kill(`no answer in ${mostMs / 1000} s`),
      () => undefined,
    );
    const end = () => {
      answered.abort(waitIsOver);
      signal?.removeEventListener('abort', onAbort);
    };
    return promise.finally(end);
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      this.#parts.push(rest.subarray(0, at));
      rest = rest.subarray(at + 1);
      const line = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#partBytes = 0;
      this.#hear(JSON.parse(line) as Message);
    }
    if (rest.length === 0) return;
    this.#parts.push(rest);
    this.#partBytes += rest.length;
    if (this.#partBytes > mostAnswerBytes) this.#kill(`more than ${mostAnswerBytes} bytes of an answer`);
  }

  #hear({ id, result, error, netns = null, changed }: Message): void {
    // Whoever hears an answer acts on it first: what is told after it happened after it.
    if (changed !== undefined) setImmediate(() => this.#listener.onChange(netns, changed));
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#hold(false);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }

  #kill(why: string): void {
    this.#child.kill('SIGKILL');
    this.#end(why);
  }

  #end(why: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#listener.onEnd();
    for (const { reject } of this.#waiting.values()) reject(new Error(`netnsd: ${why}`));
    this.#waiting.clear();
  }

  /** Whether our own process stays alive for its sake. */
  #hold(isAwaited: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const each of [this.#child, ...[stdin, stdout, stderr].map(asReferenced)]) {
      if (isAwaited) each.ref?.();
      else each.unref?.();
    }
  }
}

interface Referenced {
  ref?(): unknown;
  unref?(): unknown;
}

/** The streams of a child are sockets, which the types do not say. */
function asReferenced(stream: Readable | Writable): Referenced {
  return stream as Referenced;
}
