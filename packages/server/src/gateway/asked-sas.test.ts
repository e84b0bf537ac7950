import type { Charon, IkeSa } from '@landbridge/vici';
import { expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { ikeSa } from '../../testing/sample-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { AskedSas } from './asked-sas.ts';

const [first, second]: VpnConnectionId[] = ['vpnx-00000001', 'vpnx-00000002'];

/** A charon that answers when a test says so. */
function bench() {
  const clock = new FakeClock();
  const questions: { readonly ike: string | undefined; answer(sas: readonly IkeSa[] | Error): void }[] = [];
  const charon: Pick<Charon, 'listSas'> = {
    listSas: (filter, { signal } = {}) =>
      new Promise<IkeSa[]>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
        const answer = (sas: readonly IkeSa[] | Error) => (sas instanceof Error ? reject(sas) : resolve([...sas]));
        questions.push({ ike: filter?.ike, answer });
      }),
  };
  let isThere = true;
  const sas = new AskedSas({
    clock,
    charon: () => (isThere ? charon : null),
    nameOf: (id) => (id === first || id === second ? `${id}@digest` : undefined),
  });
  return { clock, questions, sas, leave: () => (isThere = false) };
}

it('charon is asked for the one tunnel, once for all who ask within a second, and anew after it', async () => {
  const { clock, questions, sas } = bench();
  const [one, other] = [sas.of(first!), sas.of(first!)];
  await clock.advance(0);
  expect(questions.map(({ ike }) => ike)).toEqual([`${first}@digest`]);
  questions[0]?.answer([ikeSa()]);
  expect(await one).toMatchObject({ sas: { counts: { ikeSas: 1 } } });
  expect(await other).toBe(await one);
  await clock.advance(999);
  expect(await sas.of(first!)).toBe(await one);
  await clock.advance(1);
  const later = sas.of(first!);
  await clock.advance(0);
  questions[1]?.answer([]);
  expect(await later).toMatchObject({ sas: { counts: { ikeSas: 0 } } });
});

it('who asks again while charon has not answered waits for the same answer: no queue grows', async () => {
  const { clock, questions, sas } = bench();
  const hanging = sas.of(second!);
  const asked = [sas.of(first!)];
  await clock.advance(1500);
  asked.push(sas.of(first!));
  await clock.advance(1600);
  await hanging;
  asked.push(sas.of(first!));
  await clock.advance(0);
  questions.at(-1)?.answer([ikeSa()]);
  const [answer, ...others] = await Promise.all(asked);
  expect(questions.map(({ ike }) => ike)).toEqual([`${second}@digest`, `${first}@digest`]);
  expect(others).toEqual([answer, answer]);
});

it('one question follows the other, and a charon that fails or does not answer holds up nobody for long', async () => {
  const { clock, questions, sas } = bench();
  const [hanging, waiting] = [sas.of(first!), sas.of(second!)];
  await clock.advance(2900);
  expect(questions).toHaveLength(1);
  await clock.advance(200);
  expect(await hanging).toEqual({ problem: expect.stringContaining('no answer in 3 s') as string });
  expect(questions.map(({ ike }) => ike)).toEqual([`${first}@digest`, `${second}@digest`]);
  questions[1]?.answer(new Error('the connection to charon is gone'));
  expect(await waiting).toEqual({ problem: expect.stringContaining('is gone') as string });
});

it('of a tunnel that charon was not told of nothing is told, and of none without a charon: it may have some', async () => {
  const { questions, sas, leave } = bench();
  expect(await sas.of('vpnx-99999999')).toEqual({ problem: expect.stringContaining('not told of it') as string });
  leave();
  expect(await sas.of(first!)).toEqual({ problem: expect.stringContaining('does not run') as string });
  expect(questions).toEqual([]);
});
