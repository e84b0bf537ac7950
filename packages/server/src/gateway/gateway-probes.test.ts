import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseIpAddress } from '@landbridge/net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { systemKernel } from '../drivers/kernel.ts';
import { GatewayProbes, type ProbeOutcome } from './gateway-probes.ts';

const id: VpnConnectionId = 'vpnx-tunnel01';
const remoteAddress = parseIpAddress('10.9.0.2');
const probe = {
  localAddress: parseIpAddress('10.9.0.1'),
  remoteAddress,
  intervalMs: 100,
  timeoutMs: 100,
  threshold: 3,
};

/** One probed tunnel, and a prober whose lines the test writes. */
async function setUp() {
  const clock = new FakeClock();
  const outcomes: ProbeOutcome[] = [];
  let write: (line: string) => void = () => undefined;
  const argvs: (readonly string[])[] = [];
  const probes = new GatewayProbes({
    ...{ kernel: systemKernel(), netns: 'lb-vpngw-gateway1', clock, logger: pino({ level: 'silent' }) },
    runDirectory: mkdtempSync(join(tmpdir(), 'probes-')),
    onOutcome: (outcome) => outcomes.push(outcome),
    startProcess: (argv, { onLine }) => {
      argvs.push(argv);
      write = onLine;
      return { pid: 1, ended: new Promise(() => undefined), kill: () => undefined };
    },
  });
  await probes.set([{ id, probe }]);
  const answer = (delayMs = 1) =>
    write(`[1795380158.25] ${remoteAddress} : [0], 64 bytes, ${delayMs} ms (1 avg, 0% loss)`);
  return { clock, outcomes, probes, argvs, answer };
}

test('a probe that could not even be sent counts as unanswered, after its time and no sooner', async () => {
  const { clock, outcomes, probes, answer } = await setUp();
  answer();
  await clock.advance(440);
  expect(outcomes).toEqual([{ id, delayMs: 1 }]);
  await clock.advance(30);
  expect(outcomes.slice(1)).toEqual([{ id, delayMs: null }]);
  await clock.advance(200);
  expect(outcomes.slice(1)).toHaveLength(3);
  probes.stop();
});

test('a prober that says nothing from the start counts as unanswered once it must have started', async () => {
  const { clock, outcomes, probes } = await setUp();
  await clock.advance(4990);
  expect(outcomes).toEqual([]);
  await clock.advance(200);
  expect(outcomes).toContainEqual({ id, delayMs: null });
  probes.stop();
});

test('a prober that is slow to start, as hundreds at once are, says nothing against its tunnel', async () => {
  const { clock, outcomes, probes, answer } = await setUp();
  await clock.advance(3000);
  answer();
  await clock.advance(100);
  expect(outcomes).toEqual([{ id, delayMs: 1 }]);
  probes.stop();
});

test('nothing is lost by a stall of our own, however long, when the lines are there once we read', async () => {
  const { clock, outcomes, probes, answer } = await setUp();
  answer();
  for (let stall = 0; stall < 10; stall++) {
    await clock.stall(5000);
    answer();
    await clock.advance(100);
  }
  expect(outcomes).toHaveLength(11);
  expect(outcomes.every(({ delayMs }) => delayMs === 1)).toBe(true);
  probes.stop();
});
