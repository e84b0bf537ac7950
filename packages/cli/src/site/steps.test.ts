import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, type Key, type PresentObject, type SiteObject } from './site-object.ts';
import { stepsTo, type OrderedStep } from './steps.ts';

/** Kinds whose objects need some of those that stand before them. */
const kinds = ['vpc', 'customerGateway', 'vpnGateway', 'tunnel', 'gatewayRoute'] as const;

interface Drawn {
  readonly kind: number;
  readonly name: string;
  /** Two of what stands before it, by place. */
  readonly needs: readonly [number, number];
  readonly value: number;
  readonly isOwn: boolean;
}

const drawn = fc.record<Drawn>({
  kind: fc.nat(kinds.length - 1),
  name: fc.constantFrom('a', 'b', 'c'),
  needs: fc.tuple(fc.nat(), fc.nat()),
  value: fc.nat(2),
  isOwn: fc.boolean(),
});

/** A world in which nothing needs what is not there. */
const world = fc.array(drawn, { maxLength: 12 }).map((all): PresentObject[] => {
  const objects = new Map<Key, PresentObject>();
  for (const { kind, name, needs, value, isOwn } of [...all].sort((one, other) => one.kind - other.kind)) {
    const earlier = [...objects.values()].filter((one) => kinds.indexOf(one.kind as never) < kind);
    const chosen = earlier.length === 0 ? [] : needs.flatMap((place) => earlier.at(place % earlier.length)?.key ?? []);
    const key = keyOf(kinds[kind] ?? 'vpc', name);
    // What an object needs, its fields name.
    const fields = { value, references: chosen.join(' ') };
    objects.set(key, {
      key,
      kind: kinds[kind] ?? 'vpc',
      path: [name],
      fields,
      needs: [...new Set(chosen)],
      id: key,
      isOwn,
    });
  }
  return [...objects.values()];
});

/** What the steps come to; throws where one of them is out of order. */
function perform(steps: readonly OrderedStep[], present: readonly PresentObject[]): PresentObject[] {
  const there = new Map(present.map((object) => [object.key, object]));
  for (const step of steps) {
    if (step.do === 'delete') {
      const user = [...there.values()].find(({ needs }) => needs.includes(step.key));
      // What is not of the site stays, and holds what it needs: the service refuses.
      if (user !== undefined && (user.isOwn || steps.some(({ key }) => key === user.key))) {
        throw new Error(`${step.key} is deleted while ${user.key} needs it`);
      }
      there.delete(step.key);
      continue;
    }
    const missing = step.object.needs.find((need) => !there.has(need));
    if (missing !== undefined) throw new Error(`${step.key} is made before ${missing}`);
    there.set(step.key, { id: step.key, isOwn: true, ...there.get(step.key), ...step.object });
  }
  return [...there.values()];
}

const fieldsByKey = (objects: readonly SiteObject[]) => new Map(objects.map(({ key, fields }) => [key, fields]));

describe('the steps to what is wanted', () => {
  it('come to it in an order that can be done, and then there is nothing left to do', () => {
    fc.assert(
      fc.property(world, world, (wanted, present) => {
        const after = perform(stepsTo(wanted, present, { prune: false }), present);
        for (const { key, fields } of wanted) expect(fieldsByKey(after).get(key)).toEqual(fields);
        for (const { key } of present) expect(fieldsByKey(after).has(key)).toBe(true);
        expect(stepsTo(wanted, after, { prune: false })).toEqual([]);
      }),
    );
  });

  it('with pruning leave nothing of the site that is not wanted, and all that is not of the site', () => {
    fc.assert(
      fc.property(world, world, (wanted, present) => {
        const others = present.filter(({ isOwn, key }) => !isOwn && !wanted.some((one) => one.key === key));
        const steps = stepsTo(wanted, present, { prune: true });
        fc.pre(
          !others.some(({ needs }) =>
            needs.some((need) => steps.some(({ key, do: what }) => key === need && what === 'delete')),
          ),
        );
        const after = perform(steps, present);
        const expected = [...wanted, ...others].map(({ key }) => key).sort();
        expect(after.map(({ key }) => key).sort()).toEqual(expected);
        expect(stepsTo(wanted, after, { prune: true })).toEqual([]);
      }),
    );
  });

  it('know what has to be done before each, so that it can be held back', () => {
    fc.assert(
      fc.property(world, world, (wanted, present) => {
        const steps = stepsTo(wanted, present, { prune: true });
        const done = new Set<Key>();
        for (const step of steps) {
          for (const key of step.after) expect(done).toContain(key);
          done.add(step.key);
          if (step.do === 'create') {
            const made = step.object.needs.filter((need) =>
              steps.some(({ key, do: what }) => key === need && what === 'create'),
            );
            expect(step.after).toEqual(expect.arrayContaining(made));
          }
        }
      }),
    );
  });

  it('refuse what an object has for life', () => {
    const vpc = (cidr: string): PresentObject => ({
      ...{ key: 'vpc a', kind: 'vpc', path: ['a'], fields: { cidr }, needs: [], id: 'vpc-1', isOwn: true },
    });
    const [step] = stepsTo([vpc('10.1.0.0/16')], [vpc('10.0.0.0/16')], { prune: true });
    expect(step).toMatchObject({ do: 'refuse', fields: ['cidr'] });
  });
});
