import type { ServerResponse } from 'node:http';
import type { Clock } from '../platform/clock.ts';
import type { Principal } from '../domain/operator/principal.ts';
import { tooManyStreams } from './console-refusal.ts';
import type { News, Watch } from './news.ts';
import type { EndedBy, Session, Sessions } from './sessions.ts';

export const streamBounds = {
  perSession: 6,
  /** With one more the account's own oldest makes room. */
  perAccount: 100,
  all: 500,
  /** Bytes that a reader may be behind. */
  behind: 65_536,
  beatMs: 10_000,
} as const;

/** How often it is looked whether there is something to tell, milliseconds: hence a few events a second at most. */
const tickMs = 300;

export interface EventStreamsOptions {
  readonly news: Pick<News, 'watch'>;
  readonly sessions: Sessions;
  /** The acting side is heard: what is known of the network is how it is. */
  readonly isAgentHeard: () => boolean;
  readonly clock: Clock;
}

interface Stream {
  readonly session: Session;
  readonly accountId: string;
  readonly response: ServerResponse;
  readonly watch: Watch & Disposable;
  isAgentHeard: boolean;
  toldAt: number;
}

/**
 * Server-sent events of everybody who watches: `hello` first, then `changed` (ids by kind), `agent` (whether it is heard), `beat`, and
 * `ended` when the session is over. Who reads too slowly is cut off, and comes again by himself.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #streams = new Set<Stream>();

  constructor(options: EventStreamsOptions) {
    this.#options = options;
    options.sessions.onEnd((session, by) => this.#end(session, by));
  }

  /** Throws ConsoleRefusal where there are too many of this session. Of an account's, and of everybody's, the oldest makes room. */
  expectRoom(session: Session, { accountId }: Pick<Principal, 'accountId'>): void {
    const all = [...this.#streams];
    if (all.filter((stream) => stream.session === session).length >= streamBounds.perSession) throw tooManyStreams();
    const ofAccount = all.filter((stream) => stream.accountId === accountId);
    const crowd = ofAccount.length >= streamBounds.perAccount ? ofAccount : all;
    const [oldest] = crowd;
    if (oldest !== undefined && (crowd === ofAccount || all.length >= streamBounds.all)) this.#cut(oldest);
  }

  /** Takes over the answer, whose headers are not sent yet. */
  open(session: Session, { accountId, isAdministrator, policies }: Principal, response: ServerResponse): void {
    const { news, isAgentHeard, clock } = this.#options;
    const watch = news.watch({ accountId, isAdministrator, isBounded: policies.length > 0 });
    const stream = { session, accountId, response, watch, isAgentHeard: isAgentHeard(), toldAt: clock.elapsed() };
    this.#streams.add(stream);
    response.on('close', () => this.#cut(stream));
    response.writeHead(200);
    this.#send(stream, 'hello', { agentHeard: stream.isAgentHeard, time: clock.now() });
  }

  /** Tells whoever has something to hear. */
  tick(): void {
    this.endGone();
    const isAgentHeard = this.#options.isAgentHeard();
    const now = this.#options.clock.elapsed();
    for (const stream of [...this.#streams]) {
      const changed = stream.watch.take();
      if (changed !== null) this.#send(stream, 'changed', changed);
      if (stream.isAgentHeard !== isAgentHeard) {
        stream.isAgentHeard = isAgentHeard;
        this.#send(stream, 'agent', { agentHeard: isAgentHeard });
      }
      if (now - stream.toldAt >= streamBounds.beatMs) this.#send(stream, 'beat', { time: this.#options.clock.now() });
    }
  }

  /** Ends those whose session is over, or whose key is gone. */
  endGone(): void {
    for (const session of new Set([...this.#streams].map((stream) => stream.session))) {
      this.#options.sessions.principalOf(session);
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.delay(tickMs, signal).catch(() => undefined);
      this.tick();
    }
  }

  /** The server closes: readers come again by themselves. */
  close(): void {
    for (const stream of [...this.#streams]) this.#cut(stream);
  }

  get count(): number {
    return this.#streams.size;
  }

  #end(session: Session, by: EndedBy): void {
    for (const stream of [...this.#streams]) {
      if (stream.session !== session) continue;
      this.#send(stream, 'ended', { by });
      this.#streams.delete(stream);
      stream.watch[Symbol.dispose]();
      stream.response.end();
    }
  }

  #send(stream: Stream, event: string, data: object): void {
    const { response } = stream;
    stream.toldAt = this.#options.clock.elapsed();
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (response.writableLength > streamBounds.behind) this.#cut(stream);
  }

  #cut(stream: Stream): void {
    if (!this.#streams.delete(stream)) return;
    stream.watch[Symbol.dispose]();
    stream.response.destroy();
  }
}
