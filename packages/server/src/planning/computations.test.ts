import { expect, test } from 'vitest';
import { sampleConnection, sampleNetwork } from '../../testing/sample-network.ts';
import { derivation } from '../derive/derivation.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import { Draft, type DraftRows } from '../image/draft.ts';
import { Image } from '../image/image.ts';
import { notesMetBy } from '../image/noting-source.ts';
import { resultOf, type Computation } from './computation.ts';
import { Computations } from './computations.ts';
import { WhatIf } from './what-if.ts';

/** An image, computations over it, and a diary of what was made. */
function setUp() {
  const image = new Image(0, sampleNetwork([sampleConnection(1), sampleConnection(2)]));
  const computations = new Computations(image);
  const diary: string[] = [];
  const nameOf = derivation(
    'name',
    (id: string) => id,
    (id, rows) => {
      diary.push(`name of ${id}`);
      return rows.vpnConnections.get(id)?.name ?? 'none';
    },
  );
  const change = (decide: (rows: DraftRows) => void) => {
    const draft = new Draft(image);
    decide(draft.rows);
    const { changes } = draft;
    image.patch(changes, image.generation + 1);
    computations.met(changes.flatMap((each) => [...notesMetBy(each)]));
  };
  const modify = (number: number, changes: Parameters<typeof sampleConnection>[2]) =>
    change((rows) => rows.vpnConnections.update(sampleConnection(number, [], changes)));
  const ask = (computation: Computation) => resultOf(computations.update(computation).outcome);
  return { image, computations, diary, nameOf, change, modify, ask };
}

test('is made when it is asked for, and again only after something changed that it looked up', () => {
  const { computations, diary, modify, ask } = setUp();
  const name = computations.keep('the first', (rows) => {
    diary.push('made');
    return rows.vpnConnections.get('vpnx-tunnel01')?.name;
  });
  expect([ask(name), ask(name), diary.length]).toEqual(['tunnel 1', 'tunnel 1', 1]);
  modify(2, { name: 'another' });
  expect([ask(name), diary.length]).toEqual(['tunnel 1', 1]);
  modify(1, { name: 'another' });
  expect([diary.length, computations.doubted.has(name)]).toEqual([1, true]);
  expect([ask(name), diary.length, computations.doubted.has(name)]).toEqual(['another', 2, false]);
});

test('what it looks up no longer does not touch it any more', () => {
  const { computations, modify, ask } = setUp();
  const chosen = computations.keep('chosen', (rows) => {
    const first = rows.vpnConnections.get('vpnx-tunnel01')!;
    return first.epoch === 0 ? rows.vpnConnections.get('vpnx-tunnel02')!.name : first.name;
  });
  expect(ask(chosen)).toBe('tunnel 2');
  modify(1, { epoch: 1 });
  expect(ask(chosen)).toBe('tunnel 1');
  modify(2, { name: 'another' });
  expect(computations.doubted.has(chosen)).toBe(false);
});

test('a derivation is shared, and what comes out of it with the same value changes nobody else', () => {
  const { computations, diary, nameOf, modify, ask } = setUp();
  const users = ['a', 'b'].map((name) =>
    computations.keep(name, (rows) => {
      diary.push(name);
      return `${name}: ${nameOf('vpnx-tunnel01', rows, assumeUsable)}`;
    }),
  );
  expect(users.map(ask)).toEqual(['a: tunnel 1', 'b: tunnel 1']);
  expect(diary).toEqual(['a', 'name of vpnx-tunnel01', 'b']);
  modify(1, { epoch: 7 });
  expect(computations.doubted.size).toBe(2);
  expect(users.map(ask)).toEqual(['a: tunnel 1', 'b: tunnel 1']);
  expect(diary.slice(3)).toEqual(['name of vpnx-tunnel01']);
  modify(1, { name: 'new' });
  expect(users.map(ask)).toEqual(['a: new', 'b: new']);
  expect(diary.slice(4)).toEqual(['name of vpnx-tunnel01', 'a', 'b']);
});

test('the object stays the same where the value does', () => {
  const { computations, modify, ask } = setUp();
  const list = computations.keep('list', (rows) => rows.vpnConnections.all().map(({ name }) => name));
  const before = ask(list);
  modify(1, { epoch: 7 });
  expect(ask(list)).toBe(before);
});

test('a derivation that nobody uses any more is forgotten', () => {
  const { computations, nameOf, modify, ask } = setUp();
  const chosen = computations.keep('chosen', (rows) => {
    const { epoch } = rows.vpnConnections.get('vpnx-tunnel01')!;
    return nameOf(epoch === 0 ? 'vpnx-tunnel01' : 'vpnx-tunnel02', rows, assumeUsable);
  });
  expect([ask(chosen), computations.size]).toEqual(['tunnel 1', 2]);
  modify(1, { epoch: 1 });
  expect([ask(chosen), computations.size]).toEqual(['tunnel 2', 2]);
  computations.drop(chosen);
  expect(computations.size).toBe(0);
});

test('one that is given up by its only user while another begins to use it is not lost', () => {
  const { computations, nameOf, modify, ask } = setUp();
  const first = derivation(
    'first',
    (given: null) => given,
    (_, rows) => {
      const { epoch } = rows.vpnConnections.get('vpnx-tunnel01')!;
      return epoch === 0 ? nameOf('vpnx-tunnel02', rows, assumeUsable) : 'nothing';
    },
  );
  const user = computations.keep('user', (rows) => {
    const { epoch } = rows.vpnConnections.get('vpnx-tunnel01')!;
    const own = epoch === 0 ? '' : nameOf('vpnx-tunnel02', rows, assumeUsable);
    return `${own} ${first(null, rows, assumeUsable)}`;
  });
  expect(ask(user)).toBe(' tunnel 2');
  modify(1, { epoch: 1 });
  expect(ask(user)).toBe('tunnel 2 nothing');
  modify(2, { name: 'new' });
  expect(ask(user)).toBe('new nothing');
});

test('what it throws is what it came to, until something changes', () => {
  const { computations, change, ask } = setUp();
  const strict = computations.keep('strict', (rows) => {
    if (rows.vpnConnections.get('vpnx-tunnel02') === undefined) throw new Error('tunnel 2 is gone');
    return 'there';
  });
  expect(ask(strict)).toBe('there');
  change((rows) => rows.vpnConnections.remove('vpnx-tunnel02'));
  expect(() => ask(strict)).toThrow('tunnel 2 is gone');
  change((rows) => rows.vpnConnections.insert(sampleConnection(2)));
  expect(ask(strict)).toBe('there');
});

test('a change touches none of ten thousand that looked up other things', () => {
  const { computations, modify, ask } = setUp();
  const readers = Array.from({ length: 10_000 }, (_, number) =>
    computations.keep(`reader ${number}`, (rows) => rows.vpcs.get(`vpc-${number}`)?.name),
  );
  readers.forEach(ask);
  modify(1, { name: 'new' });
  expect(computations.doubted.size).toBe(0);
});

test('what is only held, and out of date, is not what would be', () => {
  const { image, computations, nameOf, modify, ask } = setUp();
  const held = computations.hold('held', (rows) => nameOf('vpnx-tunnel01', rows, assumeUsable));
  expect(ask(held)).toBe('tunnel 1');
  modify(1, { name: 'another' });
  const whatIf = new WhatIf(computations, new Draft(image), []);
  const outcome = whatIf.outcomeOf('new', (rows) => nameOf('vpnx-tunnel01', rows, assumeUsable));
  expect(resultOf(outcome)).toBe('another');
});
