/**
 * charon's commands, typed: what a VPN gateway's controller uses. Sources: strongSwan 5.9.8 vici README and
 * src/libcharon/plugins/vici/vici_{config,control,cred,query}.c.
 *
 * Three kinds of connection keep slow things apart: one for commands, one for events, and one of its own for every
 * command that waits in charon (initiate and terminate with a timeout). All errors are those of errors.ts; a call that
 * is aborted rejects with the reason of its signal, and charon may still carry it out.
 */
import { decodeCharonEvent } from './charon-event.ts';
import type { CharonEventKind, CharonEventOf } from './charon-event.ts';
import { DEFAULT_QUEUED_EVENTS, ViciConnection } from './connection.ts';
import type { CallOptions, Unsubscribe, ViciLimits } from './connection.ts';
import { ViciClosedError, ViciEncodeError } from './errors.ts';
import { EventQueue } from './event-queue.ts';
import { encodeIkeConnection, text } from './ike-connection.ts';
import type { IkeConnection } from './ike-connection.ts';
import { readIkeSa } from './ike-sa.ts';
import type { IkeSa } from './ike-sa.ts';
import { readLoadedConnection } from './loaded-connection.ts';
import type { LoadedConnection } from './loaded-connection.ts';
import { viciMessage } from './message.ts';
import type { ViciMessage } from './message.ts';
import { SectionReader } from './section-reader.ts';

export interface CharonVersion {
  readonly daemon: string;
  /** Of strongSwan: `5.9.8`. */
  readonly version: string;
  readonly sysname: string;
  readonly release: string;
  readonly machine: string;
}

export interface CharonStats {
  readonly ikeSas: { readonly total: number; readonly halfOpen: number };
}

export interface SharedKey {
  /** Names the key for unloadShared; loading the same id again replaces it. At most 511 printable ASCII bytes. */
  readonly id: string;
  readonly type: 'IKE';
  /** The key itself, taken as it is: no `0x` or `0s` forms. Not empty, at most 65535 bytes. */
  readonly data: string | Buffer;
  /** Identities that the key belongs to, at most 255 bytes each; none means any peer. */
  readonly owners: readonly string[];
}

export interface InitiateRequest {
  readonly ike?: string;
  /** Without it only the IKE_SA is initiated (IKEv2 childless; charon needs the peer's support). */
  readonly child?: string;
  /** As charon takes it: -1 (default) does not wait, 0 waits for ever, else milliseconds; then ViciCommandError. */
  readonly timeoutMs?: number;
}

/** With a child or childId CHILD_SAs are meant, and ike or ikeId narrow the search; else whole IKE_SAs. */
export interface SaSelector {
  readonly ike?: string;
  readonly child?: string;
  readonly ikeId?: number;
  readonly childId?: number;
}

export interface TerminateRequest extends SaSelector {
  /** Drop the IKE_SA without waiting for the peer's answer. */
  readonly force?: boolean;
  /** As in InitiateRequest; default -1. */
  readonly timeoutMs?: number;
}

/** An open subscription with a buffer of its own, for one reader. */
export interface CharonEvents<E> extends AsyncIterable<E, void, undefined> {
  close(): Promise<void>;
}

export interface Charon {
  /** Resolves when charon is gone: with the error, or with undefined after close(). Never rejects. */
  readonly closed: Promise<Error | undefined>;
  close(): void;

  version(options?: CallOptions): Promise<CharonVersion>;
  stats(options?: CallOptions): Promise<CharonStats>;

  /**
   * Adds or replaces a connection; repeating it changes nothing. Existing SAs are left alone, with one exception: when
   * the version loaded so far has a child with start action `start`, a change closes that child's SAs.
   */
  loadConn(name: string, connection: IkeConnection, options?: CallOptions): Promise<void>;
  /** Existing SAs are left alone, except those of children with start action `start`. Not loaded: ViciCommandError. */
  unloadConn(name: string, options?: CallOptions): Promise<void>;
  /** All connections with their children, as far as charon tells. */
  listConns(filter?: { readonly ike?: string }, options?: CallOptions): Promise<LoadedConnection[]>;
  /** Names of the connections loaded over vici, in no order. */
  getConns(options?: CallOptions): Promise<string[]>;

  loadShared(key: SharedKey, options?: CallOptions): Promise<void>;
  /** An unknown id is no error. */
  unloadShared(id: string, options?: CallOptions): Promise<void>;
  /** Ids of the loaded keys. */
  getShared(options?: CallOptions): Promise<string[]>;

  /** Waits for IKE_SAs that charon is working on at the moment, so that none is missed. */
  listSas(filter?: { readonly ike?: string; readonly ikeId?: number }, options?: CallOptions): Promise<IkeSa[]>;

  /**
   * ViciCommandError when the configuration is unknown, the timeout ran out or the peer refused, and also,
   * with the same reason as a refusal, when an equal CHILD_SA is up already.
   */
  initiate(request: InitiateRequest, options?: CallOptions): Promise<void>;
  /** Ends all SAs that match and says how many; none is a ViciCommandError. */
  terminate(request: TerminateRequest, options?: CallOptions): Promise<number>;
  /** Starts the rekeying of all SAs that match, without waiting for it; none is a ViciCommandError. */
  rekey(selector: SaSelector, options?: CallOptions): Promise<number>;

  /** Calls the handler inside the socket's reader; an error of the handler or a garbled event closes everything. */
  on<K extends CharonEventKind>(
    kinds: readonly K[],
    handler: (event: CharonEventOf<K>) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe>;
  /**
   * Events from now on, buffered for a reader that takes its time. Resolves when charon has confirmed, so a list-sas
   * after that misses nothing. The reader gets ViciOverflowError when the buffer is full, ViciClosedError when charon
   * is gone, the abort reason when the signal fires. Leaving the loop ends the subscription.
   */
  events<K extends CharonEventKind>(
    kinds: readonly K[],
    options?: CallOptions & Pick<ViciLimits, 'maxQueuedEvents'>,
  ): Promise<CharonEvents<CharonEventOf<K>>>;
}

/** Opens both connections to charon's vici socket; rejects with ViciClosedError or the abort reason. */
export async function connectCharon(socketPath: string, options: CallOptions & ViciLimits = {}): Promise<Charon> {
  const commands = await ViciConnection.open(socketPath, options);
  try {
    const events = await ViciConnection.open(socketPath, options);
    return new ViciCharon(socketPath, commands, events);
  } catch (error) {
    commands.close();
    throw error;
  }
}

class ViciCharon implements Charon {
  readonly closed: Promise<Error | undefined>;
  readonly #socketPath: string;
  readonly #commands: ViciConnection;
  readonly #events: ViciConnection;

  constructor(socketPath: string, commands: ViciConnection, events: ViciConnection) {
    this.#socketPath = socketPath;
    this.#commands = commands;
    this.#events = events;
    this.closed = Promise.race([commands.closed, events.closed]).then((error) => {
      this.close();
      return error;
    });
  }

  close(): void {
    this.#commands.close();
    this.#events.close();
  }

  async version(options?: CallOptions): Promise<CharonVersion> {
    const answer = new SectionReader(await this.#commands.request('version', undefined, options), 'version');
    return {
      daemon: answer.text('daemon'),
      version: answer.text('version'),
      sysname: answer.text('sysname'),
      release: answer.text('release'),
      machine: answer.text('machine'),
    };
  }

  async stats(options?: CallOptions): Promise<CharonStats> {
    const answer = new SectionReader(await this.#commands.request('stats', undefined, options), 'stats');
    const ikeSas = answer.section('ikesas');
    return { ikeSas: { total: ikeSas.integer('total'), halfOpen: ikeSas.integer('half-open') } };
  }

  async loadConn(name: string, connection: IkeConnection, options?: CallOptions): Promise<void> {
    await this.#commands.request('load-conn', encodeIkeConnection(name, connection), options);
  }

  async unloadConn(name: string, options?: CallOptions): Promise<void> {
    await this.#commands.request('unload-conn', viciMessage({ name: text('name', name) }), options);
  }

  async listConns({ ike }: { readonly ike?: string } = {}, options?: CallOptions): Promise<LoadedConnection[]> {
    const connections: LoadedConnection[] = [];
    for await (const message of this.#commands.stream('list-conns', 'list-conn', viciMessage({ ike }), options)) {
      connections.push(readLoadedConnection(...new SectionReader(message, 'list-conn').onlySection()));
    }
    return connections;
  }

  async getConns(options?: CallOptions): Promise<string[]> {
    return new SectionReader(await this.#commands.request('get-conns', undefined, options), 'get-conns').list('conns');
  }

  async loadShared({ id, type, data, owners }: SharedKey, options?: CallOptions): Promise<void> {
    const message = viciMessage({
      id: text('id', id),
      type,
      data,
      // charon copies owners into char[256] and drops the rest (vici_cred.c, shared_owners).
      owners: owners.map((owner) => text('owners', owner, 255)),
    });
    await this.#commands.request('load-shared', message, options);
  }

  async unloadShared(id: string, options?: CallOptions): Promise<void> {
    await this.#commands.request('unload-shared', viciMessage({ id: text('id', id) }), options);
  }

  async getShared(options?: CallOptions): Promise<string[]> {
    const answer = await this.#commands.request('get-shared', undefined, options);
    return new SectionReader(answer, 'get-shared').list('keys');
  }

  async listSas(
    { ike, ikeId }: { readonly ike?: string; readonly ikeId?: number } = {},
    options?: CallOptions,
  ): Promise<IkeSa[]> {
    const filter = viciMessage({ ike, 'ike-id': ikeId?.toString() });
    const ikeSas: IkeSa[] = [];
    for await (const message of this.#commands.stream('list-sas', 'list-sa', filter, options)) {
      ikeSas.push(readIkeSa(...new SectionReader(message, 'list-sa').onlySection()));
    }
    return ikeSas;
  }

  async initiate({ ike, child, timeoutMs = -1 }: InitiateRequest, options?: CallOptions): Promise<void> {
    await this.#requestWaiting('initiate', viciMessage({ ike, child, timeout: timeout(timeoutMs) }), options);
  }

  async terminate({ force, timeoutMs = -1, ...selector }: TerminateRequest, options?: CallOptions): Promise<number> {
    const message = viciMessage({
      ...saSelector(selector),
      force: force === undefined ? undefined : force ? 'yes' : 'no',
      timeout: timeout(timeoutMs),
    });
    const answer = await this.#requestWaiting('terminate', message, options);
    return new SectionReader(answer, 'terminate').integer('terminated');
  }

  async rekey(selector: SaSelector, options?: CallOptions): Promise<number> {
    const answer = await this.#commands.request('rekey', viciMessage({ ...saSelector(selector) }), options);
    return new SectionReader(answer, 'rekey').integer('matches');
  }

  async on<K extends CharonEventKind>(
    kinds: readonly K[],
    handler: (event: CharonEventOf<K>) => void,
    options?: CallOptions,
  ): Promise<Unsubscribe> {
    return this.#subscribeAll(
      kinds,
      (kind, message) => handler(decodeCharonEvent(kind, message) as CharonEventOf<K>),
      options,
    );
  }

  async events<K extends CharonEventKind>(
    kinds: readonly K[],
    { signal, maxQueuedEvents }: CallOptions & Pick<ViciLimits, 'maxQueuedEvents'> = {},
  ): Promise<CharonEvents<CharonEventOf<K>>> {
    const queue = new EventQueue<CharonEventOf<K>>(maxQueuedEvents ?? DEFAULT_QUEUED_EVENTS);
    const receive = (kind: K, message: ViciMessage) => {
      try {
        queue.push(decodeCharonEvent(kind, message) as CharonEventOf<K>);
      } catch (error) {
        queue.fail(error as Error); // A garbled event is this reader's trouble, not the connection's.
      }
    };
    const unsubscribe = await this.#subscribeAll(kinds, receive, { signal });
    void this.#events.closed.then((cause) =>
      queue.fail(new ViciClosedError('the connection to charon is gone', { cause })),
    );
    const close = async () => {
      queue.discard();
      await unsubscribe();
    };
    return {
      close,
      async *[Symbol.asyncIterator]() {
        try {
          yield* queue.drain(signal);
        } finally {
          await close();
        }
      },
    };
  }

  async #subscribeAll<K extends CharonEventKind>(
    kinds: readonly K[],
    receive: (kind: K, message: ViciMessage) => void,
    options: CallOptions | undefined,
  ): Promise<Unsubscribe> {
    const undo: Unsubscribe[] = [];
    const unsubscribe = async () => {
      for (const each of undo.splice(0)) await each();
    };
    try {
      for (const kind of kinds) {
        undo.push(await this.#events.subscribe(kind, (message) => receive(kind, message), options));
      }
    } catch (error) {
      await unsubscribe();
      throw error;
    }
    return unsubscribe;
  }

  /** charon answers these at once with timeout -1, and otherwise when the work is done: then not on the shared line. */
  async #requestWaiting(command: string, message: ViciMessage, options: CallOptions | undefined): Promise<ViciMessage> {
    if (message.get('timeout') === '-1') return this.#commands.request(command, message, options);
    const connection = await ViciConnection.open(this.#socketPath, options);
    try {
      return await connection.request(command, message, options);
    } finally {
      connection.close();
    }
  }
}

function saSelector({ ike, child, ikeId, childId }: SaSelector): Record<string, string | undefined> {
  return { ike, child, 'ike-id': ikeId?.toString(), 'child-id': childId?.toString() };
}

function timeout(milliseconds: number): string {
  if (!Number.isInteger(milliseconds) || milliseconds < -1 || milliseconds > 0x7fff_ffff) {
    throw new ViciEncodeError('a timeout is -1, 0 or a whole number of milliseconds');
  }
  return milliseconds.toString();
}
