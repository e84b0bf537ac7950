import type { Server } from 'node:http';
import type { Condition } from '../domain/operator/condition.ts';
import { TlsListener, type TlsListenerOptions } from '../http/tls-listener.ts';

/**
 * The TLS listener of a held service. What it needs may lie on the very volume that is missing: then the rest goes on without
 * it, says so, and tries again.
 */
export class HeldTls implements Disposable {
  readonly #http: Server;
  readonly #options: TlsListenerOptions;
  readonly #onListening: (url: string) => void;
  #listener: TlsListener | null = null;
  #problem = '';

  constructor(http: Server, options: TlsListenerOptions, onListening: (url: string) => void) {
    this.#http = http;
    this.#options = options;
    this.#onListening = onListening;
  }

  async listen(): Promise<void> {
    if (this.#listener !== null) return;
    try {
      this.#listener = await TlsListener.start(this.#http, this.#options);
      this.#onListening(this.#listener.url);
    } catch (error) {
      const problem = `nobody is listened to over TLS: ${(error as Error).message}`;
      if (problem !== this.#problem) this.#options.logger.error({ err: error }, 'no TLS listener');
      this.#problem = problem;
    }
  }

  readCondition(): Condition {
    return this.#listener?.readCondition() ?? { name: 'tls', ok: false, message: this.#problem };
  }

  [Symbol.dispose](): void {
    this.#listener?.close();
  }
}
