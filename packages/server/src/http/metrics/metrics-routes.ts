import type { FastifyPluginCallback } from 'fastify';
import type { Registry } from 'prom-client';
import type { Clock } from '../../platform/clock.ts';
import { keptAnswer } from '../../platform/kept-answer.ts';

export interface MetricsOptions {
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly clock: Pick<Clock, 'elapsed'>;
}

const keptMs = 1000;

/** `GET /metrics` in the text format of Prometheus. */
export function metricsRoutes({ registry, clock }: MetricsOptions): FastifyPluginCallback {
  const text = keptAnswer(() => registry.metrics(), keptMs, clock);
  return (app, _options, done) => {
    app.get('/metrics', { exposeHeadRoute: true }, async (_request, reply) =>
      reply
        .header('Content-Type', registry.contentType)
        .header('Cache-Control', 'no-store')
        .send(await text()),
    );
    done();
  };
}
