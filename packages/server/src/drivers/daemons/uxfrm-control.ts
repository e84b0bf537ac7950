import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { systemClock as clock } from '../../platform/clock.ts';
import type { KeyedAlgorithm, SaKeys } from '../sa-keys.ts';
import { NoAnswerError, withPatience } from '../../platform/patience.ts';

/** A TUN device of uxfrm. */
export interface UxfrmTun {
  readonly name: string;
  readonly ifId: number;
  readonly mtu: number;
}

/** uxfrm answered `ok: false`. */
export class UxfrmCommandError extends Error {
  constructor(command: string, reason: string) {
    super(`uxfrm refused ${command}: ${reason}`);
    this.name = 'UxfrmCommandError';
  }
}

/** The control connection is gone, which means that uxfrm is. */
export class UxfrmClosedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UxfrmClosedError';
  }
}

interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly [key: string]: unknown;
}

/** Of one command; most are answered in a millisecond. */
const answerTimeoutMs = 10_000;
const maxLineBytes = 16 * 1024 * 1024;

/** Client of uxfrm's control socket: one JSON object a line, answers in the order of the commands. */
export class UxfrmControl {
  /** Resolves when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  #buffered = '';
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#receive(chunk));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#isClosed = true;
        for (const { reject } of this.#waiting.splice(0))
          reject(new UxfrmClosedError('uxfrm closed its control socket'));
        resolve();
      });
    });
    socket.on('end', () => socket.destroy());
  }

  static async connect(path: string, signal?: AbortSignal): Promise<UxfrmControl> {
    const socket = createConnection({ path });
    try {
      await once(socket, 'connect', signal && { signal });
    } catch (error) {
      socket.destroy();
      signal?.throwIfAborted();
      throw new UxfrmClosedError(`cannot connect to ${path}`, { cause: error });
    }
    return new UxfrmControl(socket);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#socket.destroy();
  }

  async ping(signal?: AbortSignal): Promise<void> {
    await this.#request({ command: 'ping' }, signal);
  }

  async addTun(tun: UxfrmTun, signal?: AbortSignal): Promise<void> {
    await this.#request({ command: 'tun-add', name: tun.name, if_id: tun.ifId, mtu: tun.mtu }, signal);
  }

  async removeTun(name: string, signal?: AbortSignal): Promise<void> {
    await this.#request({ command: 'tun-remove', name }, signal);
  }

  async listTuns(signal?: AbortSignal): Promise<UxfrmTun[]> {
    const { tuns } = await this.#request({ command: 'tun-list' }, signal);
    return (tuns as readonly { name: string; if_id: number; mtu: number }[]).map(({ name, if_id: ifId, mtu }) => ({
      name,
      ifId,
      mtu,
    }));
  }

  /** Every SA that is complete. */
  async listSas(signal?: AbortSignal): Promise<{ readonly destination: string; readonly spi: number }[]> {
    const { sas } = await this.stats(signal);
    return (sas as readonly { destination: string; spi: string }[]).map(({ destination, spi }) => ({
      destination,
      spi: Number.parseInt(spi, 16),
    }));
  }

  /** Of every SA that is complete. Nobody but whoever reads their packets for their owner asks for it. */
  async listSaKeys(signal?: AbortSignal): Promise<SaKeys[]> {
    const { sas } = await this.#request({ command: 'sa-keys' }, signal);
    return (sas as readonly UxfrmSaKeys[]).map(({ source, destination, spi, if_id: ifId, aead, cipher, integrity }) => {
      const named = { source, destination, spi, ifId };
      return { ...named, aead: algorithmOf(aead), cipher: algorithmOf(cipher), integrity: algorithmOf(integrity) };
    });
  }

  /** Counters as uxfrm names them. */
  async stats(signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    return this.#request({ command: 'stats' }, signal);
  }

  async #request(command: { readonly command: string; readonly [key: string]: unknown }, signal?: AbortSignal) {
    try {
      return await withPatience({ clock, ms: answerTimeoutMs, signal }, (limited) => this.#ask(command, limited));
    } catch (error) {
      // It hangs: whoever connects anew will see.
      if (error instanceof NoAnswerError) this.close();
      throw error;
    }
  }

  async #ask(command: { readonly command: string; readonly [key: string]: unknown }, signal: AbortSignal) {
    signal.throwIfAborted();
    if (this.#isClosed) throw new UxfrmClosedError('uxfrm closed its control socket');
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    // An aborted caller leaves; the answer still takes its turn.
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.push({ resolve, reject });
    this.#socket.write(`${JSON.stringify(command)}\n`);
    try {
      const answer = await promise;
      if (!answer.ok) throw new UxfrmCommandError(command.command, answer.error ?? 'no reason given');
      return answer;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #receive(chunk: string): void {
    const lines = (this.#buffered + chunk).split('\n');
    this.#buffered = lines.pop() ?? '';
    if (this.#buffered.length > maxLineBytes) this.#socket.destroy();
    for (const line of lines) {
      const answer = parseAnswer(line);
      if (answer === null) this.#socket.destroy();
      else this.#waiting.shift()?.resolve(answer);
    }
  }
}

interface UxfrmAlgorithm {
  readonly name: string;
  readonly key: string;
  readonly icv_bits: number;
}

interface UxfrmSaKeys {
  readonly source: string;
  readonly destination: string;
  readonly spi: string;
  readonly if_id: number;
  readonly aead: UxfrmAlgorithm | null;
  readonly cipher: UxfrmAlgorithm | null;
  readonly integrity: UxfrmAlgorithm | null;
}

function algorithmOf(told: UxfrmAlgorithm | null): KeyedAlgorithm | null {
  return told && { name: told.name, key: told.key, icvBits: told.icv_bits };
}

function parseAnswer(line: string): Answer | null {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return null;
  }
}
