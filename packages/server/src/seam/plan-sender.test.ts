import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { sampleGatewayPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import type { FromController } from './contract.ts';
import { PlanHolder } from './plan-holder.ts';
import { PlanSender } from './plan-sender.ts';

const logger = pino({ level: 'silent' });
const ids = sampleIds('send', 2);
const base = [sampleVpcPlan(ids), sampleGatewayPlan(ids)];

/** A way down that lets messages through only while it is open. */
class Way {
  readonly sent: FromController[] = [];
  #gate = Promise.withResolvers<undefined>();
  #isOpen = true;

  send(message: FromController): void {
    this.sent.push(JSON.parse(JSON.stringify(message)) as FromController);
  }

  async drained(): Promise<void> {
    while (!this.#isOpen) await this.#gate.promise;
  }

  close(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    this.#gate.resolve(undefined);
    this.#gate = Promise.withResolvers();
  }
}

class Source {
  readonly plans = new Map<PlanKey, IssuedPlan>();
  generation = 0;
  keys = (): PlanKey[] => [...this.plans.keys()];
  planFor = (key: PlanKey) => Promise.resolve(this.plans.get(key));
  generationOf = (key: PlanKey) => this.plans.get(key)?.generation ?? 0;

  /** Some of the sample's parts, by the bits of a number. */
  set(which: number, bits: number): PlanKey {
    const plan = base[which]!;
    const kept = <T>(parts: readonly T[]) => parts.filter((_, place) => (bits & (1 << place)) !== 0);
    const next = { ...plan, links: kept(plan.links), routes: kept(plan.routes), generation: ++this.generation };
    this.plans.set(plan.key, next);
    return plan.key;
  }
}

function startSender(source: Source, way: Way, holding: ReadonlyMap<PlanKey, string> = new Map()): PlanSender {
  return new PlanSender({
    ...{ plans: source, link: way, holding },
    digestOfKey: () => 'abcdef',
  });
}

function startHolder(): PlanHolder {
  const files = { read: () => new Map(), write: () => undefined, remove: () => undefined };
  return new PlanHolder({ files, check: () => undefined, onChanged: () => undefined, logger });
}

/** Returns keys whose difference did not fit. */
function hearAll(holder: PlanHolder, way: Way): PlanKey[] {
  return way.sent.splice(0).flatMap((message) => {
    if (message.kind === 'plan') return holder.take(message) ? [] : [message.key];
    if (message.kind === 'gone') holder.gone(message.key);
    if (message.kind === 'complete') holder.complete();
    return [];
  });
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('a slow reader gets the newest of each key, and nothing else waits', async () => {
  const [source, way] = [new Source(), new Way()];
  for (const which of [0, 1]) source.set(which, 0);
  const sender = startSender(source, way);
  await vi.waitFor(() => expect(way.sent.at(-1)).toEqual({ kind: 'complete' }));
  const holder = startHolder();
  holder.begin();
  hearAll(holder, way);
  way.close();
  for (let change = 1; change <= 100; change++) sender.changed([source.set(change % 2, change)]);
  await settle();
  expect(way.sent.length).toBeLessThanOrEqual(1);
  way.open();
  await vi.waitFor(
    () =>
      hearAll(holder, way).length === 0 && expect(holder.planFor(ids.gateway)).toEqual(source.plans.get(ids.gateway)),
  );
  await settle();
  expect(hearAll(holder, way)).toEqual([]);
  expect(holder.planFor(ids.vpc)).toEqual(source.plans.get(ids.vpc));
});

const step = fc.oneof(
  fc.record({ what: fc.constant('change' as const), which: fc.nat(1), bits: fc.nat(15) }),
  fc.record({ what: fc.constant('remove' as const), which: fc.nat(1) }),
  fc.record({
    what: fc.constantFrom('controller restarts', 'agent restarts', 'connection breaks', 'settle', 'slow', 'fast'),
  }),
);

it('after any history both have the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const source = new Source();
      let [way, holder] = [new Way(), startHolder()];
      let sender = startSender(source, way);
      const connect = () => {
        way.open();
        way = new Way();
        holder.begin();
        sender = startSender(source, way, new Map(holder.holding()));
      };
      connect();
      const hear = async () => {
        for (let round = 0; round < 3; round++) {
          await settle();
          for (const key of hearAll(holder, way)) sender.misfit(key);
        }
      };
      for (const one of steps) {
        if (one.what === 'change') sender.changed([source.set(one.which, one.bits)]);
        else if (one.what === 'remove') {
          const { key } = base[one.which]!;
          source.plans.delete(key);
          sender.changed([key]);
        } else if (one.what === 'agent restarts') {
          holder = startHolder();
          connect();
        } else if (one.what === 'settle') await hear();
        else if (one.what === 'slow') way.close();
        else if (one.what === 'fast') way.open();
        else connect();
      }
      way.open();
      await hear();
      for (const { key } of base) expect(holder.planFor(key)).toEqual(source.plans.get(key));
    }),
    { numRuns: 150 },
  );
});
