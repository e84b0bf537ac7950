import { parseIpAddress } from '@landbridge/net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { FakeClock, settle } from '../../testing/fake-clock.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { systemKernel } from '../drivers/kernel.ts';
import type { ProberState } from '../drivers/prober-line.ts';
import type { StartLineProcess } from '../platform/line-process.ts';
import { GatewayProbes, type ProbedTunnel, type ProberReport } from './gateway-probes.ts';

const [one, two]: readonly [VpnConnectionId, VpnConnectionId] = ['vpnx-tunnel01', 'vpnx-tunnel02'];
const [local, remote] = ['169.254.128.1', '169.254.128.2'];

function probed(id: VpnConnectionId, remoteAddress: string = remote, intervalMs = 100): ProbedTunnel {
  const addresses = { localAddress: parseIpAddress(local), remoteAddress: parseIpAddress(remoteAddress) };
  return { id, probe: { ...addresses, intervalMs, timeoutMs: 100, threshold: 3 }, mtu: 1438 };
}

const nameOf = (id: VpnConnectionId, remoteAddress = remote) => `${id} ${local} ${remoteAddress}`;

/** What a prober was told, what it says, and its end. */
class ScriptedProber {
  readonly told: Record<string, unknown>[] = [];
  readonly #onLine: (line: string) => void;
  readonly #end = Promise.withResolvers<string>();
  readonly ended = this.#end.promise;
  readonly pid = 1;
  isKilled = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  writeLine(line: string): void {
    this.told.push(JSON.parse(line) as Record<string, unknown>);
  }

  kill(): void {
    this.isKilled = true;
    this.#end.resolve('SIGKILL');
  }

  say(line: string): void {
    this.#onLine(line);
  }

  tell(...states: (Partial<ProberState> & { readonly name: string })[]): void {
    const common = { answers: true, run: 0, since_loss_ms: null, sent: 10, lost: 1, unsent: 0, mean_delay_us: 1500 };
    const path_mtu = { verdict: 'passes', largest: null };
    const all = states.map((state) => ({ ...common, path_mtu, ...state }));
    this.say(JSON.stringify({ event: 'states', states: all }));
  }
}

function setUp() {
  const clock = new FakeClock();
  const probers: ScriptedProber[] = [];
  const reports: (readonly ProberReport[])[] = [];
  const startProcess: StartLineProcess = (_argv, { onLine }) => {
    const prober = new ScriptedProber(onLine);
    probers.push(prober);
    return prober;
  };
  const probes = new GatewayProbes({
    ...{ kernel: systemKernel(), netns: 'lb-vpngw-gateway1', binaries: { uxprobe: 'uxprobe' }, clock, startProcess },
    logger: pino({ level: 'silent' }),
    onReports: (some) => reports.push(some),
  });
  return { clock, probers, probes, reports };
}

test('one prober is told of each tunnel; without any there is none', () => {
  const { probers, probes } = setUp();
  probes.set([]);
  expect(probers).toHaveLength(0);
  probes.set([probed(one), probed(two, '169.254.128.6')]);
  const settings = { interval_ms: 100, timeout_ms: 100, threshold: 3, mtu: 1438 };
  expect(probers.map(({ told }) => told)).toEqual([
    [
      { command: 'set', name: nameOf(one), address: remote, ...settings },
      { command: 'set', name: nameOf(two, '169.254.128.6'), address: '169.254.128.6', ...settings },
    ],
  ]);
  probes.set([]);
  expect(probers[0]!.isKilled).toBe(true);
});

test('a change of one tunnel is told, and nothing of the others', () => {
  const { probers, probes } = setUp();
  probes.set([probed(one), probed(two, '169.254.128.6')]);
  const [{ told } = { told: [] }] = probers;
  told.splice(0);
  probes.set([probed(one), probed(two, '169.254.128.6')]);
  expect(told).toEqual([]);
  probes.set([probed(one, remote, 500), probed(two, '169.254.128.6')]);
  expect(told.splice(0)).toMatchObject([{ command: 'set', name: nameOf(one), interval_ms: 500 }]);
  // Another pair is another check.
  probes.set([probed(one, '169.254.128.10', 500)]);
  expect(told).toMatchObject([
    { command: 'remove', name: nameOf(one) },
    { command: 'remove', name: nameOf(two, '169.254.128.6') },
    { command: 'set', name: nameOf(one, '169.254.128.10') },
  ]);
  expect(probers).toHaveLength(1);
  probes.stop();
});

test('what it tells together is handed on together, with the check that it is about', () => {
  const { probers, probes, reports } = setUp();
  probes.set([probed(one), probed(two, '169.254.128.6')]);
  const hole = { verdict: 'hole', largest: 1380 } as const;
  const loss = { answers: false, run: 2, since_loss_ms: 7, unsent: 1, mean_delay_us: null, path_mtu: hole };
  probers[0]!.tell({ name: nameOf(one) }, { name: nameOf(two, '169.254.128.6'), ...loss }, { name: 'somebody else' });
  const summary = { sent: 10, lost: 1 };
  const answered = {
    isAnswered: true,
    run: 0,
    sinceLossMs: null,
    summary: { ...summary, unsent: 0, meanDelayMs: 1.5 },
  };
  const lost = { isAnswered: false, run: 2, sinceLossMs: 7, summary: { ...summary, unsent: 1, meanDelayMs: null } };
  expect(reports).toEqual([
    [
      { id: one, pair: `${local} ${remote}`, ...answered, pathMtu: { verdict: 'passes', largest: null, mtu: 1438 } },
      { id: two, pair: `${local} 169.254.128.6`, ...lost, pathMtu: { ...hole, mtu: 1438 } },
    ],
  ]);
  probes.stop();
});

test('a prober that ends is started again after a second, with the tunnels of then', async () => {
  const { clock, probers, probes, reports } = setUp();
  probes.set([probed(one)]);
  probers[0]!.kill();
  await clock.advance(500);
  probes.set([probed(two)]);
  await clock.advance(499);
  expect(probers).toHaveLength(1);
  await clock.advance(1);
  expect(probers[1]?.told).toMatchObject([{ command: 'set', name: nameOf(two) }]);
  // Its death says nothing about a tunnel; nor does what was left of its output.
  probers[0]!.tell({ name: nameOf(two), answers: false, run: 3 });
  expect(reports).toEqual([]);
  probes.stop();
  await clock.advance(60_000);
  expect(probers).toHaveLength(2);
});

test('a prober that is stopped is replaced, and says nothing about its tunnel', async () => {
  const { clock, probers, probes, reports } = setUp();
  probes.set([probed(one)]);
  await clock.advance(4000);
  probers[0]!.tell({ name: nameOf(one) });
  reports.splice(0);
  await clock.advance(4900);
  expect(probers[0]!.isKilled).toBe(false);
  await clock.advance(200);
  expect(probers[0]!.isKilled).toBe(true);
  await clock.advance(1000);
  expect(probers[1]?.told).toMatchObject([{ command: 'set', name: nameOf(one) }]);
  expect(reports).toEqual([]);
  probes.stop();
});

test('a stall of our own, however long, replaces no prober', async () => {
  const { clock, probers, probes } = setUp();
  probes.set([probed(one)]);
  for (let stall = 0; stall < 10; stall++) {
    await clock.stall(5000);
    probers[0]!.tell({ name: nameOf(one) });
    await clock.advance(100);
  }
  expect([probers.length, probers[0]!.isKilled]).toEqual([1, false]);
  probes.stop();
});

test('a prober that says what it cannot mean is replaced', async () => {
  const { clock, probers, probes, reports } = setUp();
  probes.set([probed(one)]);
  probers[0]!.say('{"event":"states","states":[{"name":5}]}');
  expect([probers[0]!.isKilled, reports]).toEqual([true, []]);
  await settle();
  await clock.advance(1000);
  expect(probers).toHaveLength(2);
  probes.stop();
});
