import type { FastifyInstance } from 'fastify';
import type { Condition } from '../domain/operator/condition.ts';
import type { Doors } from '../http/doors.ts';
import { Monitoring, type MonitoringParts } from '../http/monitoring.ts';
import { TlsListener } from '../http/tls-listener.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';

export interface ListenersOptions {
  readonly doors: Doors;
  /** Behind those that tenants reach. Closed with them. */
  readonly app: FastifyInstance;
  readonly monitoring: MonitoringParts;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For each listener. */
  readonly onListening: (url: string) => void;
}

/** Every listener that is configured, with what is behind it. */
export class Listeners implements AsyncDisposable {
  readonly #cleanup = new AsyncDisposableStack();
  #tls: TlsListener | null = null;

  /** Rejects when an address or a certificate cannot be used; those that listen already end when it is disposed. */
  async open({ doors, app, monitoring, clock, logger, onListening }: ListenersOptions): Promise<void> {
    this.#cleanup.defer(() => app.close());
    await app.ready();
    const url = await doors.http.leadTo(app.server);
    this.#cleanup.defer(() => doors.http.close(app.server));
    onListening(url);
    if (doors.tls !== null) {
      const tls = await TlsListener.start(app.server, { ...doors.tls, clock, logger });
      this.#cleanup.defer(() => tls.close());
      this.#tls = tls;
      onListening(tls.url);
    }
    if (doors.metrics !== null) {
      const monitored = this.#cleanup.use(await Monitoring.start(doors.metrics, monitoring));
      onListening(monitored.url);
    }
  }

  readConditions(): readonly Condition[] {
    return this.#tls === null ? [] : [this.#tls.readCondition()];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cleanup.disposeAsync();
  }
}
