import type { FastifyInstance } from 'fastify';
import { boundedApp } from './bounded-app.ts';
import type { Door } from './doors.ts';
import { healthRoutes, type HealthOptions } from './health-routes.ts';
import { metricsRoutes, type MetricsOptions } from './metrics/metrics-routes.ts';

export interface MonitoringParts {
  readonly health: HealthOptions;
  readonly metrics: MetricsOptions;
}

/** Health and metrics behind a listener of their own, for those who watch the service: tenants do not reach it. */
export class Monitoring implements AsyncDisposable {
  readonly #door: Door;
  readonly #app: FastifyInstance;
  /** Of the metrics. */
  readonly url: string;

  private constructor(door: Door, app: FastifyInstance, url: string) {
    this.#door = door;
    this.#app = app;
    this.url = url;
  }

  /** Rejects when the address cannot be used. */
  static async start(door: Door, { health, metrics }: MonitoringParts): Promise<Monitoring> {
    const app = boundedApp();
    void app.register(healthRoutes(health));
    void app.register(metricsRoutes(metrics));
    await app.ready();
    return new Monitoring(door, app, `${await door.leadTo(app.server)}/metrics`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#door.close(this.#app.server);
    await this.#app.close();
  }
}
