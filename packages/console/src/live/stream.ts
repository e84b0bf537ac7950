import { signal } from '@preact/signals';
import { ended, readSession, type EndedBy } from '../calls/session.ts';
import { setByServer } from './now.ts';

export type Connection = 'connecting' | 'live' | 'lost';

/** What changed of each kind: ids, or null where it may be any. Null as a whole: nobody knows what happened meanwhile. */
export type Changed = Readonly<Record<string, readonly string[] | null>> | null;

/** Whether what happens is heard. */
export const connection = signal<Connection>('connecting');
/** When something was heard last, milliseconds of this machine's clock; null: not yet. */
export const heardAt = signal<number | null>(null);
/** Whether the service hears its agent. */
export const isAgentHeard = signal(true);

const listeners = new Set<(changed: Changed) => void>();

/** Returns what ends it. */
export function onChanged(listener: (changed: Changed) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The server says something each ten seconds at least. */
const silentMs = 25_000;
const lookMs = 1000;
const againMs = 2000;

/**
 * Hears what happens while the page is seen, and begins anew by itself. A page that nobody sees holds no connection: browsers have six of
 * them to one host, for all windows together.
 */
export class Stream {
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #watch = setInterval(() => this.#look(), lookMs);
  readonly #onVisibility = () => this.#follow();

  constructor() {
    connection.value = 'connecting';
    heardAt.value = null;
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#follow();
  }

  end(): void {
    clearInterval(this.#watch);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#close();
  }

  #follow(): void {
    if (document.visibilityState === 'hidden') this.#close();
    else if (this.#source === null) this.#open();
  }

  #open(): void {
    const source = new EventSource('/console/stream');
    this.#source = source;
    const on = (event: string, take: (data: Readonly<Record<string, unknown>>) => void) =>
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        heardAt.value = Date.now();
        take(JSON.parse(data) as Readonly<Record<string, unknown>>);
      });
    on('hello', ({ agentHeard, time }) => {
      connection.value = 'live';
      isAgentHeard.value = agentHeard === true;
      setByServer(Number(time));
      tell(null);
    });
    on('changed', (changed) => tell(changed as Changed));
    on('agent', ({ agentHeard }) => {
      isAgentHeard.value = agentHeard === true;
      tell(null);
    });
    on('beat', ({ time }) => setByServer(Number(time)));
    on('ended', ({ by }) => ended(by as EndedBy));
    source.addEventListener('error', () => this.#lose());
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #lose(): void {
    this.#close();
    connection.value = 'lost';
    // The session may be what has ended; that nobody answers is shown already.
    this.#timer = setTimeout(() => {
      void readSession()
        .catch(() => undefined)
        .then(() => this.#follow());
    }, againMs);
  }

  #look(): void {
    if (this.#source !== null && heardAt.value !== null && Date.now() - heardAt.value > silentMs) this.#lose();
  }
}

/** What is shown is asked for anew, as when the language is another one. */
export function askAnew(): void {
  tell(null);
}

function tell(changed: Changed): void {
  for (const listener of listeners) listener(changed);
}
