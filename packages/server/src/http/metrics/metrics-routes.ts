import { Readable } from 'node:stream';
import type { FastifyPluginCallback } from 'fastify';
import type { Registry } from 'prom-client';
import type { Clock } from '../../platform/clock.ts';
import { keptAnswer } from '../../platform/kept-answer.ts';
import type { TunnelMetrics } from './tunnel-metrics.ts';

export interface MetricsOptions {
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  /** Null: nothing is known of tunnels. */
  readonly tunnels: Pick<TunnelMetrics, 'text' | 'strongswanText'> | null;
  readonly clock: Pick<Clock, 'elapsed'>;
}

const keptMs = 1000;
const nothing = () => Promise.resolve<readonly string[]>([]);

/** What a query may ask for, and how. */
const questions: Readonly<Record<string, readonly string[]>> = { tunnels: ['yes', 'no'], compat: ['strongswan'] };

/**
 * `GET /metrics` in the text format of Prometheus. `?tunnels=no` leaves out the series of each tunnel and gateway,
 * `?compat=strongswan` adds them under the names of exporters of strongSwan.
 */
export function metricsRoutes({ registry, tunnels, clock }: MetricsOptions): FastifyPluginCallback {
  const service = keptAnswer(() => registry.metrics(), keptMs, clock);
  const own = keptAnswer(() => tunnels?.text() ?? nothing(), keptMs, clock);
  const strongswan = keptAnswer(() => tunnels?.strongswanText() ?? nothing(), keptMs, clock);
  return (app, _options, done) => {
    app.get('/metrics', { exposeHeadRoute: true }, async (request, reply) => {
      const query = request.query as Readonly<Record<string, unknown>>;
      const problem = problemOf(query);
      void reply.header('Cache-Control', 'no-store');
      if (problem !== null) return reply.code(400).type('text/plain; charset=utf-8').send(`${problem}\n`);
      const pieces = await Promise.all([
        service(),
        query['tunnels'] === 'no' ? [] : own(),
        query['compat'] === 'strongswan' ? strongswan() : [],
      ]);
      // An empty piece would be taken for the end.
      const written = pieces.flat().filter((piece) => piece !== '');
      return reply.header('Content-Type', registry.contentType).send(Readable.from(written, { objectMode: false }));
    });
    done();
  };
}

function problemOf(query: Readonly<Record<string, unknown>>): string | null {
  for (const [name, value] of Object.entries(query)) {
    const known = Object.hasOwn(questions, name) ? questions[name] : undefined;
    if (known === undefined) return `the query knows ${Object.keys(questions).join(' and ')} only`;
    if (typeof value !== 'string' || !known.includes(value)) return `${name} is one of: ${known.join(', ')}`;
  }
  return null;
}
