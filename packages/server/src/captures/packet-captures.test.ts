import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pcapFile } from '../../testing/pcap-file.ts';
import { sampleGatewayPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import type { CaptureOrder, CaptureRefusal, PacketCapture } from '../domain/operator/packet-capture.ts';
import type { CaptureId } from '../domain/resource-id.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { OwnFolder } from '../platform/own-folder.ts';
import type { SaKeys } from '../drivers/sa-keys.ts';
import type { CapturedSas } from './capture-place.ts';
import type { CaptureProcess, Listening } from './capture-process.ts';
import { PacketCaptures, type PacketCapturesOptions } from './packet-captures.ts';

const ids = sampleIds('caps', 1);
const [tunnel = 'vpnx-none0000'] = ids.tunnels;

/** Says what the test wants it to; ends when it is told to, or by itself. */
class Program implements CaptureProcess {
  readonly #listens = Promise.withResolvers<undefined>();
  readonly #ended = Promise.withResolvers<string>();
  readonly listening = this.#listens.promise;
  readonly ended = this.#ended.promise;
  readonly #pieces: Buffer[] = [];
  #more = Promise.withResolvers<undefined>();
  #isOver = false;
  readonly given: Listening;
  stops = 0;

  constructor(given: Listening, broken: string) {
    this.given = given;
    this.listening.catch(() => undefined);
    if (broken !== '') this.#listens.reject(new Error(broken));
    else this.#listens.resolve(undefined);
  }

  readonly output: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => this.#read() };

  async *#read(): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) yield piece;
      else if (this.#isOver) return;
      else await this.#more.promise;
    }
  }

  say(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#wake();
  }

  end(words = '3 packets captured\n9 packets received by filter\n2 packets dropped by kernel'): void {
    this.#isOver = true;
    this.#wake();
    this.#ended.resolve(words);
  }

  stop(): void {
    this.stops += 1;
    this.end();
  }

  #wake(): void {
    this.#more.resolve(undefined);
    this.#more = Promise.withResolvers();
  }
}

let folder: string;
let programs: Program[];
let captures: PacketCaptures;
let keys: SaKeys[];
let hasKeys: boolean;
let asked: CapturedSas[];
let broken: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-captures-'));
  programs = [];
  broken = '';
  keys = [];
  hasKeys = true;
  asked = [];
  captures = capturesWith(true);
});

function capturesWith(givesKeys: boolean, others: Partial<PacketCapturesOptions> = {}): PacketCaptures {
  return new PacketCaptures({
    folder: new OwnFolder(folder, 'captures'),
    plans: () => [sampleVpcPlan(ids), sampleGatewayPlan(ids)],
    start: (_place, given) => {
      const program = new Program(given, broken);
      programs.push(program);
      return program;
    },
    readKeys: (sas) => {
      asked.push(sas);
      return hasKeys ? Promise.resolve(sas.ifId === null ? [] : keys) : Promise.reject(new Error('uxfrm is away'));
    },
    givesKeys,
    application: 'Landbridge 1',
    ...{ clock, logger: pino({ level: 'silent' }) },
    ...others,
  });
}
afterEach(async () => {
  vi.useRealTimers();
  await captures.close();
  expect(programs.every(({ stops }) => broken !== '' || stops > 0)).toBe(true);
  expect(existsSync(join(folder, 'captures')) ? readdirSync(join(folder, 'captures')) : []).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
function orderOf(changes: Partial<CaptureOrder> = {}): CaptureOrder {
  return {
    id: `pcap-${String((count += 1)).padStart(8, '0')}`,
    accountId: 'one',
    resourceId: tunnel,
    filter: { protocol: null, source: null, destination: null, port: null },
    limits: { snapLength: 200, packets: 10, seconds: 60, bytes: 65_536 },
    includesKeys: false,
    ...changes,
  };
}

async function start(changes: Partial<CaptureOrder> = {}): Promise<PacketCapture> {
  const started = await captures.start(orderOf(changes));
  if (typeof started === 'string') throw new Error(started);
  return started;
}

async function find(id: CaptureId): Promise<PacketCapture> {
  const found = (await captures.list()).find((capture) => capture.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

const packets = (many: number, bytes = 60) =>
  pcapFile(
    101,
    Array.from({ length: many }, () => ({ at: 1n, length: bytes, bytes: Buffer.alloc(bytes, 7) })),
  );

describe('a capture', () => {
  it('keeps what comes, is read while it grows, and is over when it is stopped', async () => {
    const { id } = await start();
    expect(programs[0]?.given).toEqual({ expression: 'ip', snapLength: 200, packets: 10, seconds: 60, bytes: 65_536 });
    programs[0]?.say(packets(3));
    await vi.waitFor(async () => expect((await find(id)).packets).toBe(3));
    const before = await captures.read(id, 0);
    expect(before).toMatchObject({ isFinished: false });
    expect(await captures.stop(id)).toBe(true);
    expect(await find(id)).toMatchObject({ packets: 3, dropped: 2, ended: 'stopped' });
    const whole = await captures.read(id, 0);
    const bytes = Buffer.from(whole?.base64 ?? '', 'base64');
    expect(whole).toMatchObject({ isFinished: true, totalBytes: bytes.length });
    expect(bytes.subarray(0, before?.totalBytes)).toEqual(Buffer.from(before?.base64 ?? '', 'base64'));
    expect(Buffer.from((await captures.read(id, 100))?.base64 ?? '', 'base64')).toEqual(bytes.subarray(100));
    expect((await captures.read(id, bytes.length + 1))?.base64).toBe('');
  });

  it('ends at its packets, whatever the program goes on with', async () => {
    const { id } = await start();
    programs[0]?.say(packets(12));
    await vi.waitFor(async () => expect((await find(id)).ended).toBe('packets'));
    expect((await find(id)).packets).toBe(10);
    const { bytes } = await find(id);
    programs[0]?.say(packets(5));
    await captures.stop(id);
    expect(await find(id)).toMatchObject({ packets: 10, bytes, ended: 'packets' });
  });

  it('ends at its size, and the file is never larger', async () => {
    const { id } = await start({ limits: { snapLength: 200, packets: 1_000_000, seconds: 60, bytes: 65_536 } });
    programs[0]?.say(packets(2000, 200));
    await vi.waitFor(async () => expect((await find(id)).ended).toBe('size'));
    const { packets: kept, bytes } = await find(id);
    expect([kept > 200, kept < 2000, bytes <= 65_536, bytes > 65_000]).toEqual([true, true, true, true]);
    const [name = ''] = readdirSync(join(folder, 'captures'));
    expect(statSync(join(folder, 'captures', name)).size).toBe(bytes);
    expect(statSync(join(folder, 'captures', name)).mode & 0o777).toBe(0o600);
  });

  it('ends at its time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { id } = await start({ limits: { snapLength: 200, packets: 10, seconds: 5, bytes: 65_536 } });
    await vi.advanceTimersByTimeAsync(4999);
    expect((await find(id)).ended).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    await vi.waitFor(async () => expect((await find(id)).ended).toBe('time'));
  });

  it('is gone an hour later, or when it is deleted', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [first, second] = [await start(), await start()];
    expect(await captures.remove(first.id)).toBe(true);
    expect(await captures.remove(first.id)).toBe(false);
    expect(await captures.read(first.id, 0)).toBeNull();
    await vi.advanceTimersByTimeAsync(3_600_000 - 1);
    expect((await captures.list()).map(({ id }) => id)).toEqual([second.id]);
    await vi.advanceTimersByTimeAsync(1);
    await vi.waitFor(async () => expect(await captures.list()).toEqual([]));
  });

  it('is over with its device, and with output that is none', async () => {
    const [first, second] = [await start(), await start()];
    programs[0]?.end('tcpdump: pcap_loop: The interface disappeared');
    programs[1]?.say(Buffer.alloc(100));
    await vi.waitFor(async () => expect((await find(first.id)).ended).toBe('device'));
    await vi.waitFor(async () => expect((await find(second.id)).ended).toBe('disk'));
    programs[0]?.stop();
  });

  it('ends at its time, also where its keys are read for longer than that', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const read = Promise.withResolvers<readonly SaKeys[]>();
    captures = capturesWith(true, { readKeys: () => read.promise });
    const limits = { snapLength: 200, packets: 10, seconds: 1, bytes: 65_536 };
    const starting = start({ limits, includesKeys: true });
    await vi.waitFor(async () => expect(await captures.list()).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(1000);
    await vi.waitFor(async () => expect((await captures.list())[0]?.ended).toBe('time'));
    read.resolve([]);
    expect(await starting).toMatchObject({ ended: 'time' });
  });

  it('that has no folder leaves no program behind', async () => {
    const make = () => {
      throw new Error('the disk is full');
    };
    captures = capturesWith(true, { folder: { find: () => undefined, make } });
    expect(await captures.start(orderOf())).toBe('not-there');
    expect(programs.filter(({ stops }) => stops === 0)).toEqual([]);
    expect(await captures.list()).toEqual([]);
  });

  it('that is deleted while it starts ends, and another one of its id goes on', async () => {
    const listens = Promise.withResolvers<undefined>();
    captures = capturesWith(true, {
      start: (_place, given) => {
        const program = new Program(given, '');
        programs.push(program);
        return programs.length === 1 ? Object.assign(program, { listening: listens.promise }) : program;
      },
    });
    const order = orderOf();
    const first = captures.start(order);
    await vi.waitFor(() => expect(programs).toHaveLength(1));
    expect(await captures.remove(order.id)).toBe(true);
    await captures.start(order);
    listens.resolve(undefined);
    await first;
    expect(programs[0]?.stops).toBeGreaterThan(0);
    expect(await find(order.id)).toMatchObject({ ended: null });
    expect(programs[1]?.stops).toBe(0);
  });

  it('that comes twice is one', async () => {
    const order = orderOf();
    await Promise.all([captures.start(order), captures.start(order)]);
    expect(programs).toHaveLength(1);
  });

  it.each([
    ['tcpdump: vpnx-00000001: No such device exists', 'not-there'],
    ['tcpdump: expression rejects all packets', 'fits-nothing'],
    ['setpriv: failed to execute tcpdump: No such file or directory', 'no-program'],
  ])('that does not start since %s leaves nothing', async (words, refusal) => {
    broken = words;
    expect(await captures.start(orderOf())).toBe(refusal);
    expect(await captures.list()).toEqual([]);
    expect(programs.map(({ stops }) => stops > 0)).toEqual([true]);
    expect(readdirSync(join(folder, 'captures'))).toEqual([]);
  });

  it('is refused where no plan has its place', async () => {
    expect(await captures.start(orderOf({ resourceId: 'vpnx-00000000' }))).toBe('not-there');
    expect(programs).toEqual([]);
  });
});

describe('at a time there run', () => {
  const outcomes = async (accounts: readonly string[]): Promise<(CaptureRefusal | 'started')[]> => {
    const all = await Promise.all(accounts.map((accountId) => captures.start(orderOf({ accountId }))));
    return all.map((outcome) => (typeof outcome === 'string' ? outcome : 'started'));
  };

  it('two of an account and five of all, however close they come', async () => {
    expect(await outcomes(['a', 'a', 'a', 'b', 'b', 'c', 'c', 'd'])).toEqual([
      ...['started', 'started', 'account-full', 'started', 'started', 'started', 'host-full', 'host-full'],
    ]);
  });

  it('others once one is over; an account keeps four, and its own oldest makes room', async () => {
    const made: CaptureId[] = [];
    const other = await start({ accountId: 'other' });
    await captures.stop(other.id);
    for (let number = 0; number < 6; number++) {
      const { id } = await start();
      await captures.stop(id);
      made.push(id);
    }
    expect((await captures.list()).map(({ id }) => id)).toEqual([...made.slice(2).reverse(), other.id]);
  });
});

describe('keys of the SAs', () => {
  const saOf = (spi: string): SaKeys => ({
    ...{ source: '192.0.2.1', destination: '192.0.2.2', spi, ifId: 1, cipher: null, integrity: null },
    aead: { name: 'rfc4106(gcm(aes))', key: 'ab'.repeat(20), icvBits: 128 },
  });
  const spisOf = async (id: CaptureId) => (await captures.keys(id))?.match(/0x[0-9a-f]{8}(?=")/g) ?? null;

  it('that were there at the start and those that came meanwhile are kept with it, and no longer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    keys = [saOf('c0000001')];
    const { id } = await start({ includesKeys: true });
    expect(asked).toEqual([{ gatewayId: ids.gateway, ifId: 1 }]);
    keys = [saOf('c0000002')];
    await vi.advanceTimersByTimeAsync(2000);
    hasKeys = false;
    await vi.advanceTimersByTimeAsync(2000);
    hasKeys = true;
    keys = [saOf('c0000003')];
    await captures.stop(id);
    await vi.waitFor(async () => expect(await spisOf(id)).toEqual(['0xc0000001', '0xc0000002', '0xc0000003']));
    keys = [saOf('c0000004')];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await spisOf(id)).toHaveLength(3);
    const [name = ''] = readdirSync(join(folder, 'captures'));
    expect(readFileSync(join(folder, 'captures', name)).includes('abab')).toBe(false);
    expect(JSON.stringify(await captures.list())).not.toContain('abab');
    await captures.remove(id);
    expect(await captures.keys(id)).toBeNull();
  });

  it('are not read for a capture that shall not have them', async () => {
    const { id } = await start();
    expect(await captures.keys(id)).toBeNull();
    expect(asked).toEqual([]);
  });

  it('are refused where the operator does not give them, whoever asks', async () => {
    captures = capturesWith(false);
    expect(await captures.start(orderOf({ includesKeys: true }))).toBe('keys-forbidden');
    expect([asked, programs]).toEqual([[], []]);
  });
});

it('what a former process has left is removed', async () => {
  const own = new OwnFolder(folder, 'captures').make();
  writeFileSync(join(own, 'left.pcapng'), 'packets of somebody');
  await captures.clear();
  expect(readdirSync(own)).toEqual([]);
});

it('what cannot be removed keeps nobody from going on', async () => {
  const noFolder = join(folder, 'file');
  writeFileSync(noFolder, 'x');
  await capturesWith(true, { folder: { find: () => noFolder, make: () => noFolder } }).clear();
  expect(existsSync(noFolder)).toBe(true);
});
