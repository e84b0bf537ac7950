import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyTally, historySteps, mostPoints, type StepSeconds, type Tally } from '../domain/operator/history.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import { HistoryStore, stepMs } from './history-store.ts';
import { encode } from './tallies.ts';

/** A machine that does much beside is no error. */
vi.setConfig({ testTimeout: 60_000 });

const gateway: VpnGatewayId = 'vpngw-gateway1';
const tunnel: VpnConnectionId = 'vpnx-tunnel01';
const other: VpnConnectionId = 'vpnx-tunnel02';
/** A full hour, and a full five minutes. */
const noon = Date.UTC(2026, 10, 27, 12);
const hourMs = 3_600_000;

let folder: string;
let host: Host;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-history-'));
  host = new Host();
});
afterEach(() => {
  host.store.close();
  rmSync(folder, { recursive: true });
});

const tallyOf = (inBytes: number, more: Partial<Tally> = {}): Tally => ({
  ...emptyTally,
  countedMs: stepMs,
  inBytes,
  watchedMs: stepMs,
  connectedMs: stepMs,
  ...more,
});

interface Asked {
  readonly from?: number;
  readonly to?: number;
  /** Null: the whole gateway. */
  readonly of?: VpnConnectionId | null;
}

/** A machine with a clock that anybody sets, and a store that is written to at the end of each step. */
class Host {
  now = noon;
  #boot = 'boot-1';
  #upMs = 5000;
  readonly replaced: string[] = [];
  store = this.#open();

  #open(mostBytes = 64 * 1024 * 1024): HistoryStore {
    return new HistoryStore({
      path: join(folder, 'history.sqlite'),
      mostBytes,
      onReplaced: (why) => void this.replaced.push(why),
    });
  }

  /** The agent is started again. */
  restart(mostBytes?: number): void {
    this.store.close();
    this.reopen(mostBytes);
  }

  reopen(mostBytes?: number): void {
    this.store = this.#open(mostBytes);
  }

  reboot(boot: string): void {
    this.store.close();
    [this.#boot, this.#upMs] = [boot, 700];
    this.store = this.#open();
  }

  pass(ms: number): void {
    this.now += ms;
    this.#upMs += ms;
  }

  get upTime() {
    return { boot: this.#boot, ms: this.#upMs };
  }

  /** One more step, in which so much came in. */
  step(inBytes: number | ReadonlyMap<VpnConnectionId, Tally>): void {
    this.pass(stepMs);
    const tallies = typeof inBytes === 'number' ? new Map([[tunnel, tallyOf(inBytes)]]) : inBytes;
    this.store.add({ upTime: this.upTime, now: this.now, gateways: new Map([[gateway, encode(tallies)]]) });
  }

  read(seconds: StepSeconds, { from = 0, to = Number.MAX_SAFE_INTEGER, of = tunnel }: Asked = {}) {
    const series = [{ gateway, tunnel: of }];
    return this.store.read({ upTime: this.upTime, now: this.now, series, from, to, seconds })[0]!;
  }

  /** Of a tunnel: when, and how much came in. */
  told(seconds: StepSeconds, options: Parameters<Host['read']>[1] = {}): [number, number][] {
    return this.read(seconds, options).map(({ at, tally }) => [at - noon, tally.inBytes]);
  }
}

describe('what passed is told', () => {
  it('by the step, from one instant on and before another', () => {
    for (const bytes of [1, 2, 3]) host.step(bytes);
    expect(host.told(10)).toEqual([
      [0, 1],
      [10_000, 2],
      [20_000, 3],
    ]);
    expect(host.told(10, { from: noon + 10_000, to: noon + 20_000 })).toEqual([[10_000, 2]]);
    expect(host.told(10, { of: other })).toEqual([]);
    const elsewhere = { gateway: 'vpngw-gateway2', tunnel: null } as const;
    expect(
      host.store.read({ upTime: host.upTime, now: host.now, series: [elsewhere], from: 0, to: host.now, seconds: 10 }),
    ).toEqual([[]]);
  });

  it('of a gateway as the sum of its tunnels', () => {
    host.step(
      new Map([
        [tunnel, tallyOf(5, { probesSent: 10, probesLost: 1, delayMs: 90 })],
        [other, tallyOf(7, { countedMs: 4000, connectedMs: 0 })],
      ]),
    );
    const sum = { countedMs: stepMs, watchedMs: 2 * stepMs, connectedMs: stepMs, probesSent: 10, probesLost: 1 };
    expect(host.read(10, { of: null })).toEqual([
      { at: noon, tally: { ...emptyTally, ...sum, inBytes: 12, delayMs: 90 } },
    ]);
  });

  it('by the minute and by five, once they have ended, with nothing lost', () => {
    for (let step = 1; step <= 30; step++) host.step(step);
    expect(host.told(60)).toEqual([21, 57, 93, 129].map((bytes, minute) => [minute * 60_000, bytes]));
    expect(host.told(300)).toEqual([]);
    host.step(31);
    expect(host.told(60)).toHaveLength(5);
    expect(host.told(300)).toEqual([[0, 465]]);
    expect(host.read(300)[0]!.tally).toEqual({
      ...tallyOf(465),
      countedMs: 300_000,
      watchedMs: 300_000,
      connectedMs: 300_000,
    });
  });

  it('however often the agent is started again', () => {
    for (let step = 1; step <= 37; step++) {
      host.step(step);
      host.restart();
    }
    expect(host.told(60).map(([, bytes]) => bytes)).toEqual([21, 57, 93, 129, 165, 201]);
    expect(host.told(300)).toEqual([[0, 465]]);
    expect(host.replaced).toEqual([]);
  });
});

describe('a clock that is set', () => {
  it.each([-7 * 24 * hourMs, -hourMs, -3000, 3000, hourMs, 400 * 24 * hourMs])(
    'by %d ms takes nothing away',
    (setBy) => {
      for (let step = 1; step <= 37; step++) host.step(step);
      host.now += setBy;
      for (let step = 38; step <= 80; step++) host.step(step);
      const sumOf = (seconds: StepSeconds) => host.told(seconds).reduce((sum, [, bytes]) => sum + bytes, 0);
      expect(sumOf(10)).toBe((80 * 81) / 2);
      expect(host.told(10)).toHaveLength(80);
      // What has not ended yet is not in the longer steps.
      expect(sumOf(60)).toBeGreaterThan((72 * 73) / 2);
      expect(sumOf(60)).toBeLessThanOrEqual((80 * 81) / 2);
      expect(sumOf(300)).toBeGreaterThan((48 * 49) / 2);
      expect(sumOf(300)).toBeLessThanOrEqual((80 * 81) / 2);
    },
  );

  it('moves what was with it: what was an hour ago is an hour ago', () => {
    host.step(1);
    host.pass(hourMs - stepMs);
    host.now += 1000 * hourMs;
    host.step(2);
    const anHourAgo = host.told(10, { from: host.now - hourMs - 2 * stepMs, to: host.now - hourMs + stepMs });
    expect(anHourAgo.map(([, bytes]) => bytes)).toEqual([1]);
    host.now -= 1000 * hourMs;
    expect(host.told(10)[0]).toEqual([0, 1]);
  });

  it('and a machine that starts anew leave what was before where it was', () => {
    host.step(1);
    host.reboot('boot-2');
    host.pass(hourMs);
    host.step(2);
    host.now += 24 * hourMs;
    host.step(3);
    expect(host.told(10)).toEqual([
      [0, 1],
      [hourMs + 10_000 + 24 * hourMs, 2],
      [hourMs + 20_000 + 24 * hourMs, 3],
    ]);
  });

  it('whatever it is set by, and however often: every step is told once', () => {
    const deeds = fc.array(
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({ kind: fc.constant('step' as const), bytes: fc.integer({ min: 1, max: 1e12 }) }),
        },
        fc.record({ kind: fc.constant('set' as const), ms: fc.integer({ min: -1e9, max: 1e9 }) }),
        fc.record({ kind: fc.constant('restart' as const) }),
        fc.record({ kind: fc.constant('away' as const), ms: fc.integer({ min: 0, max: 100_000 }) }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(deeds, (all) => {
        host.store.close();
        for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `history.sqlite${suffix}`), { force: true });
        host = new Host();
        let [sum, steps] = [0, 0];
        for (const deed of all) {
          if (deed.kind === 'set') host.now += deed.ms;
          else if (deed.kind === 'restart') host.restart();
          else if (deed.kind === 'away') host.pass(deed.ms);
          else {
            host.step(deed.bytes);
            [sum, steps] = [sum + deed.bytes, steps + 1];
          }
        }
        const points = host.read(10);
        expect(points.reduce((all, { tally }) => all + tally.inBytes, 0)).toBe(sum);
        expect(points.reduce((all, { tally }) => all + tally.countedMs, 0)).toBe(steps * stepMs);
        expect(points.every(({ at }, index) => at % stepMs === 0 && at > (points[index - 1]?.at ?? -Infinity))).toBe(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is kept', () => {
  it('is kept for the time of its length, and deleted then', () => {
    const lengths = () => historySteps.map(({ seconds }) => host.told(seconds).length);
    for (let step = 0; step < 40; step++) host.step(1);
    expect(lengths()).toEqual([40, 6, 1]);
    host.pass(3 * hourMs - 41 * stepMs);
    host.step(1);
    expect(lengths()).toEqual([41, 7, 2]);
    host.pass(41 * stepMs);
    host.step(1);
    expect(lengths()).toEqual([2, 8, 3]);
    host.pass(24 * hourMs);
    host.step(1);
    expect(lengths()[0]).toBe(1);
    expect(host.told(60).every(([at]) => at > 3 * hourMs - 10 * 60_000)).toBe(true);
    expect(host.told(300).map(([, bytes]) => bytes)).toEqual([30, 10, 1, 1]);
    host.pass(7 * 24 * hourMs);
    host.step(1);
    expect(host.told(300).length).toBeLessThan(2);
  });

  it('is the newest, where there is more than shall be', () => {
    const mostBytes = 1024 * 1024;
    host.restart(mostBytes);
    const random = (index: number) =>
      tallyOf(Math.random() * 1e12, { outBytes: Math.random() * 1e12, inPackets: index });
    const many = () =>
      new Map(
        Array.from({ length: 100 }, (_, index) => [`vpnx-${String(index).padStart(8, '0')}` as const, random(index)]),
      );
    for (let step = 0; step < 900; step++) host.step(many());
    const told = host.read(10, { of: null });
    expect(told.at(-1)!.at).toBe(host.now - stepMs);
    expect(told.length).toBeGreaterThan(30);
    expect(told.length).toBeLessThan(800);
    expect(told.map(({ at }) => at)).toEqual(told.map((_, index) => host.now - (told.length - index) * stepMs));
    expect(statSync(join(folder, 'history.sqlite')).size).toBeLessThan(mostBytes * 1.3);
  });

  it('begins anew where the file is damaged, from the beginning or later, and says so', () => {
    host.step(1);
    host.store.close();
    writeFileSync(join(folder, 'history.sqlite'), 'no database at all, and long enough to be one'.repeat(500));
    rmSync(join(folder, 'history.sqlite-wal'), { force: true });
    host.store = new HistoryStore({
      path: join(folder, 'history.sqlite'),
      mostBytes: 1e7,
      onReplaced: (why) => void host.replaced.push(why),
    });
    expect(host.replaced).toHaveLength(1);
    host.step(2);
    expect(host.told(10)).toEqual([[10_000, 2]]);
    // The first page says that all is well.
    for (let step = 0; step < 300; step++) host.step(3);
    host.store.close();
    const path = join(folder, 'history.sqlite');
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)]));
    host.reopen();
    host.step(4);
    expect(host.replaced).toHaveLength(2);
    expect(host.told(10).map(([, passed]) => passed)).toEqual([4]);
  });

  it('of another form is replaced', () => {
    const database = new DatabaseSync(join(folder, 'history.sqlite'));
    database.exec('PRAGMA user_version = 999');
    database.close();
    host.restart();
    host.step(1);
    expect(host.replaced).toEqual(['it has version 999, not 1']);
    expect(host.told(10)).toHaveLength(1);
  });

  it('is readable by its user alone', () => {
    expect(statSync(join(folder, 'history.sqlite')).mode & 0o777).toBe(0o600);
  });

  it('has no more points than a question may have', () => {
    for (const { seconds, keptSeconds } of historySteps) expect(keptSeconds / seconds).toBeLessThanOrEqual(mostPoints);
  });
});
