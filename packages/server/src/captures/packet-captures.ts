import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  captureBounds,
  type CaptureOrder,
  type CapturePiece,
  type CaptureRefusal,
  type PacketCapture,
  type PacketCapturing,
} from '../domain/operator/packet-capture.ts';
import type { CaptureId } from '../domain/resource-id.ts';
import type { SaKeys } from '../drivers/sa-keys.ts';
import type { NetnsPlan } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import type { OwnFolder } from '../platform/own-folder.ts';
import { CaptureFile } from './capture-file.ts';
import { captureExpression } from './capture-expression.ts';
import { capturePlace, type CapturedSas, type CapturePlace } from './capture-place.ts';
import { fitsNothing, isMissing, type CaptureProcess, type StartCapture } from './capture-process.ts';
import { CaptureRun } from './capture-run.ts';
import { espSaTable } from './esp-sa-table.ts';
import { KeyRing } from './key-ring.ts';
import { sectionHeader } from './pcapng.ts';

export interface PacketCapturesOptions {
  /** For their files, of root alone. */
  readonly folder: Pick<OwnFolder, 'find' | 'make'>;
  /** Those that are held here: what they do not have is not listened at. */
  readonly plans: () => Iterable<NetnsPlan>;
  readonly start: StartCapture;
  readonly readKeys: (sas: CapturedSas) => Promise<readonly SaKeys[]>;
  /** The operator lets owners have the keys of their SAs. */
  readonly givesKeys: boolean;
  /** Name and version of the program. */
  readonly application: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One that there is: being started, running, or over with its file still there. */
interface Held {
  readonly order: CaptureOrder;
  readonly expression: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Null while it is being started. */
  running: { readonly run: CaptureRun; readonly file: CaptureFile } | null;
  /** Null without keys. */
  readonly keys: KeyRing | null;
  readonly expiry: Later;
  readonly timeLimit: Later;
}

/** Every capture of this host. They end with this process, and their files are gone with the next one. */
export class PacketCaptures implements PacketCapturing {
  readonly #options: PacketCapturesOptions;
  /** The oldest first. */
  readonly #held = new Map<CaptureId, Held>();
  readonly #discarding = new Set<Promise<void>>();

  constructor(options: PacketCapturesOptions) {
    this.#options = options;
  }

  /** What a former process has left. What cannot be removed keeps nobody from going on. */
  async clear(): Promise<void> {
    try {
      const folder = this.#options.folder.find();
      if (folder === undefined) return;
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    } catch (error) {
      this.#options.logger.warn({ error: describeError(error) }, 'files of former packet captures are not removed yet');
    }
  }

  /** Once it sees what passes. One that there is already is told as it is: a call may come twice. */
  async start(order: CaptureOrder): Promise<PacketCapture | CaptureRefusal> {
    const known = this.#held.get(order.id);
    if (known !== undefined) return this.#describe(known);
    const place = capturePlace(order.resourceId, this.#options.plans());
    const refusal = place === undefined ? 'not-there' : this.#refusalOf(order);
    if (place === undefined || refusal !== null) return refusal ?? 'not-there';
    const held = this.#hold(order, place);
    try {
      held.running = await this.#listen(held.order, held.expression, place);
    } catch (error) {
      const why = describeError(error);
      this.#forget(held);
      if (why.includes(fitsNothing)) return 'fits-nothing';
      if (why.includes(isMissing)) return 'no-program';
      this.#options.logger.warn({ id: order.id, error: why }, 'a packet capture did not start');
      return 'not-there';
    }
    await this.#follow(held, held.running);
    await this.#makeRoom();
    return this.#describe(held);
  }

  /** Those that listen, or did; the newest first. */
  list(): Promise<readonly PacketCapture[]> {
    const started = [...this.#held.values()].filter(({ running }) => running !== null);
    return Promise.resolve(started.map((held) => this.#describe(held)).reverse());
  }

  /** Once nothing more is written. False: there is no such one. */
  async stop(id: CaptureId): Promise<boolean> {
    const held = this.#held.get(id);
    held?.running?.run.end('stopped');
    await held?.running?.run.over;
    return held !== undefined;
  }

  /** False: there was no such one. */
  async remove(id: CaptureId): Promise<boolean> {
    const held = this.#held.get(id);
    if (held === undefined) return false;
    this.#forget(held);
    await this.#discard(held);
    return true;
  }

  /** Null: there is no such one. */
  async read(id: CaptureId, offset: number): Promise<CapturePiece | null> {
    const running = this.#held.get(id)?.running;
    if (running == null) return null;
    // Before the bytes: what is over does not grow.
    const isFinished = running.run.ended !== null;
    const piece = await running.file.read(offset, captureBounds.pieceBytes);
    return { base64: piece.toString('base64'), totalBytes: running.file.bytes, isFinished };
  }

  /** Null: there is no such one, or it has none. */
  async keys(id: CaptureId): Promise<string | null> {
    const ring = this.#held.get(id)?.keys ?? null;
    return ring === null ? null : espSaTable(await ring.keys());
  }

  /** Stops and removes all of them. */
  async close(): Promise<void> {
    await Promise.all([...[...this.#held.keys()].map((id) => this.remove(id)), ...this.#discarding]);
  }

  #hold(order: CaptureOrder, { ownAddress, sas }: CapturePlace): Held {
    const expression = captureExpression(order.filter, ownAddress);
    const createdAt = this.#options.clock.now();
    const expiry = new Later(() => void this.remove(order.id));
    const timeLimit = new Later(() => held.running?.run.end('time'));
    const expiresAt = createdAt + captureBounds.keptMs;
    const keys = order.includesKeys && sas !== null ? this.#keyRing(order.id, sas) : null;
    const held: Held = { order, expression, createdAt, expiresAt, running: null, keys, expiry, timeLimit };
    this.#held.set(order.id, held);
    expiry.in(captureBounds.keptMs);
    return held;
  }

  /** From when it listens: until its time is over, and with the keys of that time. It may have been deleted meanwhile. */
  async #follow(held: Held, { run }: NonNullable<Held['running']>): Promise<void> {
    const { order, keys, timeLimit } = held;
    if (this.#held.get(order.id) !== held) return this.#discard(held);
    timeLimit.in(order.limits.seconds * 1000);
    void run.over.then(() => keys?.close());
    await keys?.look();
  }

  async #listen(
    { id, resourceId, limits }: CaptureOrder,
    expression: string,
    place: CapturePlace,
  ): Promise<NonNullable<Held['running']>> {
    const { start, folder, clock, logger, application } = this.#options;
    const file = await CaptureFile.create(join(folder.make(), `${randomUUID()}.pcapng`), limits.bytes);
    let process: CaptureProcess | undefined;
    try {
      process = start(place, { expression, ...limits });
      await file.append([sectionHeader(application, `${id} at ${resourceId}: ${expression}`)]);
      await listensInTime(process);
    } catch (error) {
      process?.stop();
      await file.remove();
      throw error;
    }
    const captured = { snapLength: limits.snapLength, name: place.device, description: resourceId, expression };
    const run = new CaptureRun({ process, file, limits, captured, now: () => clock.now(), logger });
    return { run, file };
  }

  #refusalOf({ accountId, includesKeys }: CaptureOrder): CaptureRefusal | null {
    if (includesKeys && !this.#options.givesKeys) return 'keys-forbidden';
    const { perHost, perAccount } = captureBounds.running;
    const running = [...this.#held.values()].filter(isRunning);
    if (running.filter(({ order }) => order.accountId === accountId).length >= perAccount) return 'account-full';
    return running.length >= perHost ? 'host-full' : null;
  }

  /** Whoever has most loses the oldest of those that are over. */
  async #makeRoom(): Promise<void> {
    const { perHost, perAccount } = captureBounds.kept;
    for (;;) {
      const byAccount = Map.groupBy(this.#held.values(), ({ order }) => order.accountId);
      const most = [...byAccount.values()].reduce((a, b) => (b.length > a.length ? b : a), []);
      const oldest = most.find((held) => !isRunning(held));
      if (oldest === undefined || (most.length <= perAccount && this.#held.size <= perHost)) return;
      await this.remove(oldest.order.id);
    }
  }

  #keyRing(id: CaptureId, sas: CapturedSas): KeyRing {
    const { readKeys, logger } = this.#options;
    const onError = (error: unknown) => {
      logger.warn({ id, error: describeError(error) }, 'keys of a packet capture cannot be read now');
    };
    return new KeyRing({ read: () => readKeys(sas), onError });
  }

  #forget(held: Held): void {
    const { order, keys, expiry, timeLimit } = held;
    // Another one may have its id by now.
    if (this.#held.get(order.id) === held) this.#held.delete(order.id);
    keys?.forget();
    expiry.cancel();
    timeLimit.cancel();
  }

  /** What cannot be removed goes with the next start. */
  #discard({ order, running }: Held): Promise<void> {
    const discarding = discard(running)
      .catch((error: unknown) => {
        this.#options.logger.warn({ id: order.id, error: describeError(error) }, 'a packet capture is not removed yet');
      })
      .finally(() => this.#discarding.delete(discarding));
    this.#discarding.add(discarding);
    return discarding;
  }

  #describe({ order, expression, createdAt, expiresAt, running }: Held): PacketCapture {
    const { packets = 0, dropped = null, ended = null } = running?.run ?? {};
    return { ...order, expression, createdAt, expiresAt, packets, dropped, ended, bytes: running?.file.bytes ?? 0 };
  }
}

async function discard(running: Held['running']): Promise<void> {
  running?.run.end('stopped');
  await running?.run.over;
  await running?.file.remove();
}

const startWithinMs = 5000;

async function listensInTime(process: CaptureProcess): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = new Later(() => late.reject(new Error(`it does not listen after ${startWithinMs} ms`)));
  timer.in(startWithinMs);
  try {
    await Promise.race([process.listening, late.promise]);
  } finally {
    timer.cancel();
  }
}

function isRunning({ running }: Held): boolean {
  return running?.run.ended == null;
}
