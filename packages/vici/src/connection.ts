/**
 * One vici connection: commands one at a time, events at any time, over a stream socket.
 *
 * An abandoned call (aborted while its command runs) releases its caller at once, but keeps its turn until charon has
 * answered; its late answer is dropped. Hence a command that blocks in charon blocks the connection: long commands
 * belong on a connection of their own. charon's end is an error of every running, waiting and later call.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { abortReason } from './abort-reason.ts';
import {
  ViciClosedError,
  ViciCommandError,
  ViciProtocolError,
  ViciUnknownCommandError,
  ViciUnknownEventError,
} from './errors.ts';
import { EventQueue } from './event-queue.ts';
import type { ViciMessage } from './message.ts';
import { decodePacket, encodePacket, FrameReader } from './packet.ts';
import type { Packet } from './packet.ts';
import { TurnQueue } from './turn-queue.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ViciLimits {
  /** Commands that may wait for their turn; default 256. */
  readonly maxWaitingCommands?: number | undefined;
  /** Events that may wait in one stream or event reader; default 16384. */
  readonly maxQueuedEvents?: number | undefined;
}

/** Ends a subscription; resolves also when the connection is gone. May be called again. */
export type Unsubscribe = () => Promise<void>;

type EventHandler = (message: ViciMessage) => void;
interface Subscriber {
  readonly handle: EventHandler;
}

const EMPTY_MESSAGE: ViciMessage = new Map();
export const DEFAULT_QUEUED_EVENTS = 16_384;

export class ViciConnection {
  /** Resolves when the connection is gone: with the error, or with undefined after close(). Never rejects. */
  readonly closed: Promise<Error | undefined>;
  readonly #stream: Duplex;
  readonly #frames = new FrameReader();
  readonly #turns: TurnQueue;
  readonly #maxQueuedEvents: number;
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #resolveClosed: (error: Error | undefined) => void;
  #awaitedAnswer: { resolve: (packet: Packet) => void; reject: (error: Error) => void } | undefined;
  #end: { readonly error: Error | undefined } | undefined;

  private constructor(stream: Duplex, limits: ViciLimits) {
    this.#stream = stream;
    this.#turns = new TurnQueue(limits.maxWaitingCommands ?? 256);
    this.#maxQueuedEvents = limits.maxQueuedEvents ?? DEFAULT_QUEUED_EVENTS;
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error) => this.#finish(error));
    stream.on('end', () => this.#finish(new ViciClosedError('the peer closed the connection')));
    stream.on('close', () => this.#finish(new ViciClosedError('the connection was closed')));
  }

  /** Connects to charon's unix socket; rejects with ViciClosedError (cause: the system error) or the abort reason. */
  static async open(socketPath: string, options: CallOptions & ViciLimits = {}): Promise<ViciConnection> {
    const { signal } = options;
    if (signal?.aborted) throw abortReason(signal);
    const socket = createConnection({ path: socketPath });
    try {
      await once(socket, 'connect', signal ? { signal } : {});
    } catch (error) {
      socket.destroy();
      if (signal?.aborted) throw abortReason(signal);
      throw new ViciClosedError(`cannot connect to ${socketPath}`, { cause: error });
    }
    return new ViciConnection(socket, options);
  }

  /** Speaks over a stream that is connected already. */
  static over(stream: Duplex, limits: ViciLimits = {}): ViciConnection {
    return new ViciConnection(stream, limits);
  }

  /** Sends a command and gives its response; `success = no` is a ViciCommandError. */
  async request(command: string, message = EMPTY_MESSAGE, { signal }: CallOptions = {}): Promise<ViciMessage> {
    const frame = encodePacket({ kind: 'cmd-request', name: command, message });
    return this.#turns.run(() => this.#runCommand(command, frame), signal);
  }

  /**
   * Sends a command that answers by a series of events, and gives these. Starts with the first read. A consumer that
   * stops early just stops: the rest is received and dropped before the next command gets its turn.
   */
  async *stream(
    command: string,
    event: string,
    message = EMPTY_MESSAGE,
    { signal }: CallOptions = {},
  ): AsyncGenerator<ViciMessage, void, undefined> {
    const frame = encodePacket({ kind: 'cmd-request', name: command, message });
    const queue = new EventQueue<ViciMessage>(this.#maxQueuedEvents);
    const subscriber: Subscriber = { handle: (item) => queue.push(item) };
    const consumer = new AbortController();
    const job = async () => {
      await this.#addSubscriber(event, subscriber);
      try {
        await this.#runCommand(command, frame);
      } finally {
        await this.#removeSubscriber(event, subscriber);
      }
    };
    const signals = signal ? AbortSignal.any([signal, consumer.signal]) : consumer.signal;
    this.#turns.run(job, signals).then(
      () => queue.end(),
      (error: unknown) => queue.fail(error as Error),
    );
    try {
      yield* queue.drain(signal);
    } finally {
      queue.discard();
      consumer.abort();
    }
  }

  /**
   * Calls the handler with each event of this name from now on; resolves when charon has confirmed. Rejects with
   * ViciUnknownEventError. The signal covers the wait only. The handler runs inside the reader and must be quick; if it
   * throws, the connection is closed with that error, because the event would be lost without a trace.
   */
  async subscribe(event: string, handle: EventHandler, { signal }: CallOptions = {}): Promise<Unsubscribe> {
    const subscriber: Subscriber = { handle };
    const remove = () => this.#removeSubscriber(event, subscriber);
    await this.#turns.run(() => this.#addSubscriber(event, subscriber), signal, remove);
    return async () => {
      if (!this.#end) await this.#turns.run(remove).catch((error: unknown) => this.#ignoreIfClosed(error));
    };
  }

  /** Closes from our side: running and waiting calls reject with ViciClosedError. */
  close(): void {
    this.#finish(undefined);
  }

  async #runCommand(command: string, frame: Buffer): Promise<ViciMessage> {
    const answer = await this.#exchange(frame);
    if (answer.kind === 'cmd-unknown') throw new ViciUnknownCommandError(command);
    if (answer.kind !== 'cmd-response') throw this.#unexpected(answer);
    if (answer.message.get('success') === 'no') {
      const reason = answer.message.get('errmsg');
      throw new ViciCommandError(command, typeof reason === 'string' ? reason : 'no reason given');
    }
    return answer.message;
  }

  /**
   * charon sends an event once per registration (vici_dispatcher.c, register_event keeps duplicates), so a name is
   * registered for its first subscriber only. The subscriber is in place before charon is asked, because an event may
   * follow the confirmation in the same chunk.
   */
  async #addSubscriber(event: string, subscriber: Subscriber): Promise<void> {
    const others = this.#subscribers.get(event);
    if (others) {
      others.add(subscriber);
      return;
    }
    this.#subscribers.set(event, new Set([subscriber]));
    const answer = await this.#exchange(encodePacket({ kind: 'event-register', name: event }));
    if (answer.kind === 'event-confirm') return;
    this.#subscribers.delete(event);
    throw answer.kind === 'event-unknown' ? new ViciUnknownEventError(event) : this.#unexpected(answer);
  }

  async #removeSubscriber(event: string, subscriber: Subscriber): Promise<void> {
    const all = this.#subscribers.get(event);
    if (!all?.delete(subscriber) || all.size > 0 || this.#end) return;
    this.#subscribers.delete(event);
    const answer = await this.#exchange(encodePacket({ kind: 'event-unregister', name: event }));
    if (answer.kind !== 'event-confirm' && answer.kind !== 'event-unknown') throw this.#unexpected(answer);
  }

  /** Only within a turn, so that at most one answer is awaited. */
  #exchange(frame: Buffer): Promise<Packet> {
    if (this.#end) return Promise.reject(this.#closedError());
    return new Promise((resolve, reject) => {
      this.#awaitedAnswer = { resolve, reject };
      this.#stream.write(frame);
    });
  }

  #receive(chunk: Buffer): void {
    try {
      this.#frames.push(chunk);
      for (let segment = this.#frames.next(); segment && !this.#end; segment = this.#frames.next()) {
        this.#dispatch(decodePacket(segment));
      }
    } catch (error) {
      this.#finish(error as Error);
    }
  }

  #dispatch(packet: Packet): void {
    if (packet.kind === 'event') {
      // Events of a name just unregistered may still be under way; nobody wants them.
      for (const subscriber of this.#subscribers.get(packet.name) ?? []) subscriber.handle(packet.message);
      return;
    }
    const awaited = this.#awaitedAnswer;
    this.#awaitedAnswer = undefined;
    if (!awaited) throw new ViciProtocolError(`the peer sent ${packet.kind} without being asked`);
    awaited.resolve(packet);
  }

  /** An answer of the wrong kind: request and answer are out of step, so the connection is of no more use. */
  #unexpected(answer: Packet): Error {
    const error = new ViciProtocolError(`the peer answered with ${answer.kind}`);
    this.#finish(error);
    return error;
  }

  #finish(error: Error | undefined): void {
    if (this.#end) return;
    this.#end = { error };
    this.#stream.destroy();
    this.#awaitedAnswer?.reject(this.#closedError());
    this.#awaitedAnswer = undefined;
    this.#turns.close(() => this.#closedError());
    this.#resolveClosed(error);
  }

  #closedError(): ViciClosedError {
    const cause = this.#end?.error;
    if (!cause) return new ViciClosedError('the connection was closed on this side');
    return new ViciClosedError(`the connection to charon is gone: ${cause.message}`, { cause });
  }

  #ignoreIfClosed(error: unknown): void {
    if (!(error instanceof ViciClosedError)) throw error as Error;
  }
}
