import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from '@landbridge/testbed/poll';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { packedPoints, packSeries, tallyFields } from '../domain/operator/history.ts';
import type { TunnelObservation } from '../domain/operator/observation.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import { History } from './history.ts';

/** A machine that does much beside is no error. */
vi.setConfig({ testTimeout: 60_000 });

const gateway: VpnGatewayId = 'vpngw-gateway1';
const tunnel: VpnConnectionId = 'vpnx-tunnel01';

function observation(inBytes: number | null, connected = true, id = tunnel): TunnelObservation {
  const ofSas = { ikeEstablished: true, children: {}, connected, lastError: null, changedAt: 0 };
  const others = { inPackets: 1, outBytes: 0, outPackets: 0, rekeys: 0, lastInAt: null, lastOutAt: null };
  return {
    ...{ id, sas: ofSas, usability: null, findings: [] },
    traffic: inBytes === null ? null : { inBytes, ...others },
  };
}

let folder: string;
let clock: FakeClock;
let logged: string[];
let now: readonly (readonly [VpnGatewayId, readonly TunnelObservation[]])[];
let history: History;
let stop: AbortController;
let running: Promise<void>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-history-'));
  clock = new FakeClock();
  logged = [];
  now = [];
  start();
});
afterEach(async () => {
  stop.abort();
  await running;
  rmSync(folder, { recursive: true });
});

function start(): void {
  stop = new AbortController();
  history = new History({
    folder: { find: () => folder },
    mostBytes: 1e7,
    readTunnels: () => now,
    readUpTime: () => ({ boot: 'boot', ms: clock.elapsed() }),
    clock,
    logger: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
  });
  running = history.run(stop.signal);
}

/** The end of the next step, with these totals. */
async function step(inBytes: number | null, connected = true): Promise<void> {
  now = [[gateway, [observation(inBytes, connected)]]];
  await clock.advance(10_000);
}

async function told(): Promise<[number, number, number][]> {
  const question = { series: [{ gateway, tunnel }], from: 0, to: clock.now() + 1e6, seconds: 10 } as const;
  const [points = packSeries([])] = await history.ask(question);
  const place = (field: (typeof tallyFields)[number]) => tallyFields.indexOf(field) + 1;
  const places = [place('countedMs'), place('inBytes'), place('connectedMs')];
  return packedPoints(points).map((point) => places.map((each) => point[each] ?? NaN) as [number, number, number]);
}

describe('the history', () => {
  it('is what totals have grown by; a first sight of them, and ones that began anew, count nothing that did not pass', async () => {
    await step(500);
    await step(700);
    await step(30, false);
    await step(null, false);
    await step(50);
    expect(await told()).toEqual([
      [0, 0, 10_000],
      [10_000, 200, 10_000],
      [10_000, 30, 0],
      [0, 0, 0],
      [0, 0, 10_000],
    ]);
  });

  it('goes on where another process left it', async () => {
    await step(1);
    stop.abort();
    await running;
    start();
    await step(2);
    await step(5);
    expect((await told()).map(([, bytes]) => bytes)).toEqual([0, 0, 3]);
    expect(readdirSync(folder)).toContain('history.sqlite');
  });

  it('has one point a step, whatever the clock is set to', async () => {
    await step(1);
    clock.setBy(-86_400_000);
    await step(2);
    clock.setBy(400 * 86_400_000);
    await step(4);
    await step(8);
    expect((await told()).map(([, bytes]) => bytes)).toEqual([0, 1, 2, 4]);
  });

  it('leaves the loop to others, however many tunnels there are', async () => {
    const gateways = Array.from({ length: 200 }, (_, index) => {
      const ids = Array.from(
        { length: 50 },
        (_, each): VpnConnectionId => `vpnx-${index.toString().padStart(4, '0')}${each.toString().padStart(4, '0')}`,
      );
      return [`vpngw-${index.toString().padStart(8, '0')}`, ids] as const;
    });
    now = gateways.map(([key, ids]) => [key, ids.map((id) => observation(7, true, id))] as const);
    let [longestMs, turnAt, isOver] = [0, performance.now(), false];
    const began = turnAt;
    const turn = () => {
      longestMs = Math.max(longestMs, performance.now() - turnAt);
      turnAt = performance.now();
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await history.look();
    isOver = true;
    // Of ten thousand tunnels, in slices: however slow the machine is.
    expect(longestMs).toBeLessThan((performance.now() - began) / 2);
    const question = {
      series: [{ gateway: gateways[0]![0], tunnel: null }],
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
      seconds: 10,
    } as const;
    expect((await history.ask(question)).flatMap(packedPoints)).toHaveLength(1);
  });

  it('says where it cannot be kept, once, and takes nothing else with it', async () => {
    stop.abort();
    await running;
    mkdirSync(join(folder, 'history.sqlite'));
    start();
    await step(1);
    await step(2);
    await poll(
      'problem',
      () => history.problem,
      (problem) => problem !== '',
      { within: 10_000 },
    );
    await expect(told()).rejects.toThrow();
    expect(logged.filter((line) => line.includes('the history has a gap'))).toHaveLength(1);
    rmSync(join(folder, 'history.sqlite'), { recursive: true });
    await step(3);
    await step(7);
    await poll('history', told, (points) => points.at(-1)?.[1] === 4, { within: 10_000 });
    await poll(
      'problem',
      () => history.problem,
      (problem) => problem === '',
      { within: 10_000 },
    );
  });
});
