import type { IkeSa } from '@landbridge/vici';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReopenedIkeSas } from './reopened-ike-sas.ts';
import { childSa, ikeSa, watched } from '../../testing/sample-sas.ts';
import type { WatchedConnection } from './watched-connection.ts';

const ikeV1 = { ...watched, plan: { ...watched.plan, version: 1 as const } };

/** An IKE_SA that the peer opened, unless told otherwise, with CHILD_SAs of equal selectors. */
function sa(uniqueId: number, children: readonly number[], more: Partial<IkeSa> = {}): IkeSa {
  const childSas = children.map((id) => childSa({ uniqueId: id }));
  return ikeSa({ version: 1, role: 'responder', uniqueId, childSas, ...more });
}

const before = [sa(1, []), sa(2, [1, 2])];
const after = [sa(2, []), sa(3, [1, 2, 3])];

function look(
  reopened: ReopenedIkeSas,
  sas: readonly IkeSa[],
  second: number,
  connection: WatchedConnection = ikeV1,
): number[] {
  return reopened.findEmptied([connection], sas, second * 1000);
}

describe('ReopenedIkeSas', () => {
  it('finds what was emptied by an IKE_SA that the peer opened in the place of another, once', () => {
    const reopened = new ReopenedIkeSas();
    expect(look(reopened, before, 0)).toEqual([]);
    expect(look(reopened, before.slice(1), 9)).toEqual([]);
    expect(look(reopened, after, 10)).toEqual([2]);
    expect(look(reopened, after, 11)).toEqual([]);
  });

  it.each<[string, readonly IkeSa[], readonly IkeSa[]]>([
    ['an IKE_SA beside one that a restarted peer has forgotten', [sa(1, [1])], [sa(1, []), sa(2, [1, 2])]],
    ['a renewal by the peer', [sa(1, []), sa(2, [1])], [sa(2, []), sa(3, [1])]],
    ['a renewal from here', before, [sa(2, []), sa(3, [1, 2, 3], { role: 'initiator' })]],
    [
      'a renewal by both ends at once',
      [sa(2, [1, 2])],
      [sa(2, [], { state: 'REKEYING' }), sa(3, [], { role: 'initiator' }), sa(4, [1, 2, 3])],
    ],
    ['one that was there before', [sa(1, []), sa(2, []), sa(3, [1, 2, 3])], after],
    ['one that is being renewed', before, [sa(2, [], { state: 'REKEYING' }), sa(3, [1, 2, 3])]],
    ['one with a CHILD_SA', before, [sa(2, [4]), sa(3, [1, 2, 3])]],
    ['one that is younger', before, [sa(2, [1, 2]), sa(3, [1, 2, 3]), sa(4, [])]],
  ])('leaves alone: %s', (_, first, second) => {
    const reopened = new ReopenedIkeSas();
    look(reopened, first, 0);
    expect(look(reopened, second, 1)).toEqual([]);
  });

  it('does not hold against a peer what it opens long after one ended, nor against IKEv2 what looks alike', () => {
    const reopened = new ReopenedIkeSas();
    look(reopened, before, 0);
    look(reopened, before.slice(1), 1);
    expect(look(reopened, after, 7)).toEqual([]);
    look(reopened, before, 0, watched);
    expect(look(reopened, after, 1, watched)).toEqual([]);
  });

  it('gives it up where it does not help, and tries again ten minutes later', () => {
    const reopened = new ReopenedIkeSas();
    const found = (from: number): number =>
      Array.from({ length: 20 }, (_, n) => look(reopened, [sa(n, []), sa(n + 1, [1, 2])], from + n)).flat().length;
    expect(found(0)).toBe(8);
    expect(found(100)).toBe(0);
    expect(found(1000)).toBe(8);
  });

  it('comes to rest with a peer that has opened several and opens again what is closed, whenever it is looked at', () => {
    const opened = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 2, maxLength: 5 });
    const pauses = fc.array(fc.integer({ min: 20, max: 1500 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(opened, fc.boolean(), pauses, (times, isFirstOurs, looks) => {
        const ends = new TwoEnds();
        if (isFirstOurs) ends.openFromHere();
        const reopened = new ReopenedIkeSas();
        const pending = times.toSorted((x, y) => x - y);
        let lookAt = 0;
        let lookCount = 0;
        let lastChangeAt = 0;
        for (let now = 0; now < 150_000; now += 20) {
          while (pending.length > 0 && (pending[0] ?? 0) <= now) {
            pending.shift();
            ends.openFromPeer(now);
          }
          if (ends.closeDue(now)) lastChangeAt = now;
          if (now < lookAt) continue;
          for (const id of reopened.findEmptied([ikeV1], ends.listHere(), now)) ends.renewFromHere(id, now);
          lookAt = now + (looks[lookCount++ % looks.length] ?? 20);
        }
        expect(lastChangeAt).toBeLessThan(60_000);
        expect(ends.carries).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

interface End {
  state: 'ESTABLISHED' | 'REKEYING';
  children: number[];
  closesAt: number;
}

/**
 * An active tunnel's two charons, of which the peer's opens again what is closed: what strongSwan does with IKEv1
 * (adopt_children_job, isakmp_delete, queue_ike_reauth), as far as its logs show it.
 */
class TwoEnds {
  readonly #sas = new Map<number, { role: IkeSa['role']; here: End; there: End }>();
  #ids = 0;
  #childIds = 0;

  openFromHere(): void {
    this.#addChild(this.#add('initiator'));
  }

  openFromPeer(now: number): void {
    const id = this.#add('responder');
    this.#adopt(id, 'here', now);
    this.#addChild(id);
  }

  renewFromHere(id: number, now: number): void {
    const here = this.#sas.get(id)?.here;
    if (here === undefined) return;
    const renewed = this.#add('initiator');
    this.#sas.get(renewed)!.here.children = here.children.splice(0);
    here.state = 'REKEYING';
    this.#adopt(renewed, 'there', now);
  }

  /** @returns whether any was closed. */
  closeDue(now: number): boolean {
    const due = [...this.#sas].filter(([, { here, there }]) => Math.min(here.closesAt, there.closesAt) <= now);
    for (const [id, { there }] of due) {
      this.#sas.delete(id);
      if (there.children.length > 0 && there.closesAt > now) this.openFromPeer(now);
    }
    return due.length > 0;
  }

  listHere(): IkeSa[] {
    return [...this.#sas].map(([id, { role, here }]) => sa(id, here.children, { role, state: here.state }));
  }

  /** Both ends have a CHILD_SA. */
  get carries(): boolean {
    const ends = [...this.#sas.values()];
    const there = new Set(ends.flatMap((one) => one.there.children));
    return ends.some(({ here }) => here.children.some((child) => there.has(child)));
  }

  #add(role: IkeSa['role']): number {
    const end = (): End => ({ state: 'ESTABLISHED', children: [], closesAt: Infinity });
    this.#sas.set(++this.#ids, { role, here: end(), there: end() });
    return this.#ids;
  }

  #addChild(id: number): void {
    const { here, there } = this.#sas.get(id)!;
    here.children.push(++this.#childIds);
    there.children.push(this.#childIds);
  }

  /** The responder's charon hands over what the oldest one has that has any, and closes all that it came by. */
  #adopt(to: number, side: 'here' | 'there', now: number): void {
    for (const [id, sides] of this.#sas) {
      const from = sides[side];
      if (id === to || from.state !== 'ESTABLISHED') continue;
      from.closesAt = Math.min(from.closesAt, now + 10_000);
      if (from.children.length === 0) continue;
      this.#sas.get(to)![side].children.push(...from.children.splice(0));
      return;
    }
  }
}
