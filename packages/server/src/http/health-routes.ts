import type { FastifyPluginCallback, FastifyReply } from 'fastify';
import type { Condition } from '../domain/operator/condition.ts';
import type { Clock } from '../platform/clock.ts';
import { keptAnswer } from '../platform/kept-answer.ts';

/** What a stranger may know of a condition: messages are the operator's. */
export type PublicCondition = Pick<Condition, 'name' | 'ok'>;

export interface HealthOptions {
  /** What has to be true before calls are sent here. */
  readonly readConditions: () => readonly PublicCondition[] | Promise<readonly PublicCondition[]>;
  readonly clock: Pick<Clock, 'elapsed'>;
}

const keptMs = 1000;
const nobodyKnows: readonly PublicCondition[] = [{ name: 'conditions', ok: false }];

/**
 * `GET /health`: this process answers. `GET /health/ready`: calls should be sent here, or status 503 and the names of conditions
 * that are not met. Both without a signature, and with HEAD as well.
 */
export function healthRoutes({ readConditions, clock }: HealthOptions): FastifyPluginCallback {
  const readiness = keptAnswer(async () => readConditions(), keptMs, clock);
  return (app, _options, done) => {
    app.get('/health', { exposeHeadRoute: true }, (_request, reply) => send(reply, 200, { status: 'ok' }));
    app.get('/health/ready', { exposeHeadRoute: true }, async (_request, reply) => {
      const conditions = (await readiness().catch(() => nobodyKnows)).map(({ name, ok }) => ({ name, ok }));
      const isReady = conditions.every(({ ok }) => ok);
      return send(reply, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', conditions });
    });
    done();
  };
}

function send(reply: FastifyReply, status: number, content: object): FastifyReply {
  return reply.status(status).header('Cache-Control', 'no-store').send(content);
}
