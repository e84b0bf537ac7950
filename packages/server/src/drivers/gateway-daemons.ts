import { connectCharon, type Charon } from '@landbridge/vici';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Binaries } from './binaries.ts';
import { findDaemon, startDaemon, stopDaemon, type DaemonSpec } from './daemon-process.ts';
import type { GatewayPaths } from './gateway-paths.ts';
import type { Kernel } from './kernel.ts';
import { LeftoverSas } from './leftover-sas.ts';
import { rotateLog } from './log-file.ts';
import { renderStrongswanConf } from './strongswan-conf.ts';
import { UxfrmControl } from './uxfrm-control.ts';

export interface GatewayDaemonsOptions {
  readonly kernel: Kernel;
  readonly netns: string;
  readonly paths: GatewayPaths;
  readonly dataPlane: 'kernel' | 'uxfrm';
  readonly binaries: Binaries;
  readonly pathMtu: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A daemon that was running is gone: ensure() has to be called again. */
  readonly onDeath: (name: DaemonSpec['name']) => void;
}

export interface RunningDaemons {
  readonly charon: Charon;
  /** Null on the kernel data plane. */
  readonly uxfrm: UxfrmControl | null;
}

/** Longest time a daemon may take from start to its first answer. */
const startTimeoutMs = 10_000;
/** Longest time a running daemon may take to answer. */
const answerTimeoutMs = 5000;
/** charon says goodbye to its peers in this time. */
const charonGraceMs = 2000;
const uxfrmGraceMs = 1000;

/**
 * charon and uxfrm of one gateway: started detached so that they outlive this process, adopted when they run already.
 * They are one failure unit in one direction: charon may be replaced while uxfrm, or the kernel, forwards on, but a charon
 * whose uxfrm died is deaf, and is replaced with it.
 */
export class GatewayDaemons {
  readonly #options: GatewayDaemonsOptions;
  #charon: Charon | null = null;
  #uxfrm: UxfrmControl | null = null;
  /** Null on the data plane uxfrm, which looks after its own. */
  readonly #leftovers: LeftoverSas | null;

  constructor(options: GatewayDaemonsOptions) {
    this.#options = options;
    const { kernel, netns, paths, dataPlane, clock } = options;
    this.#leftovers = dataPlane === 'kernel' ? new LeftoverSas(kernel, netns, paths.leftoverSas, clock) : null;
  }

  /** Null while it is not connected. */
  get charon(): Charon | null {
    return this.#charon;
  }

  /** Packets flow without charon. */
  get forwards(): boolean {
    return this.#options.dataPlane === 'kernel' || this.#uxfrm !== null;
  }

  /** Adopts what runs, starts what does not. */
  async ensure(signal: AbortSignal): Promise<RunningDaemons> {
    const { paths, dataPlane } = this.#options;
    if (this.#charon === null || (dataPlane === 'uxfrm' && this.#uxfrm === null)) {
      await mkdir(paths.runDirectory, { recursive: true, mode: 0o700 });
    }
    const uxfrm = dataPlane === 'uxfrm' ? await this.#ensureUxfrm(signal) : null;
    return { uxfrm, charon: await this.#ensureCharon(signal) };
  }

  /** Ends both for good, whether they were adopted or not; charon tells its peers. */
  async stop(): Promise<void> {
    const { paths, clock } = this.#options;
    this.disconnect();
    await stopDaemon({ name: 'charon', runDirectory: paths.runDirectory }, clock, charonGraceMs);
    await stopDaemon({ name: 'uxfrm', runDirectory: paths.runDirectory }, clock, uxfrmGraceMs);
    await rm(paths.runDirectory, { recursive: true, force: true });
  }

  /** Lets go of the daemons without a word to them. */
  disconnect(): void {
    const [charon, uxfrm] = [this.#charon, this.#uxfrm];
    this.#charon = null;
    this.#uxfrm = null;
    charon?.close();
    uxfrm?.close();
  }

  /** What grows, or has served its time. */
  async tidy(signal: AbortSignal): Promise<void> {
    await rotateLog(this.#options.paths.charonLog);
    await rotateLog(this.#options.paths.uxfrmLog);
    await this.#leftovers?.removeExpired(signal);
  }

  async #ensureUxfrm(signal: AbortSignal): Promise<UxfrmControl> {
    if (this.#uxfrm !== null) return this.#uxfrm;
    const { clock, kernel, logger, paths } = this.#options;
    const spec = this.#uxfrmSpec();
    let control: UxfrmControl | null = null;
    if ((await findDaemon(spec)) !== null)
      control = await this.#connectUxfrm(signal, answerTimeoutMs).catch(giveUp(signal));
    if (control === null) {
      await this.#dropCharon();
      await stopDaemon(spec, clock, 0);
      await rm(paths.uxfrmSocket, { force: true });
      await rotateLog(paths.uxfrmLog);
      await startDaemon(kernel, spec);
      logger.info({ netns: spec.netns }, 'uxfrm started');
      control = await this.#connectUxfrm(signal, startTimeoutMs);
    } else {
      logger.info({ netns: spec.netns }, 'uxfrm adopted');
    }
    this.#uxfrm = control;
    const adopted = control;
    void control.closed.then(() => {
      if (this.#uxfrm !== adopted) return;
      this.#uxfrm = null;
      this.#options.onDeath('uxfrm');
    });
    return control;
  }

  async #connectUxfrm(signal: AbortSignal, timeoutMs: number): Promise<UxfrmControl> {
    return this.#retry(signal, timeoutMs, this.#uxfrmSpec(), async (attempt) => {
      const control = await UxfrmControl.connect(this.#options.paths.uxfrmSocket, attempt);
      try {
        await control.ping(attempt);
      } catch (error) {
        control.close();
        throw error;
      }
      return control;
    });
  }

  async #ensureCharon(signal: AbortSignal): Promise<Charon> {
    if (this.#charon !== null) return this.#charon;
    const { clock, kernel, logger, paths } = this.#options;
    const spec = this.#charonSpec();
    let charon: Charon | null = null;
    if ((await findDaemon(spec)) !== null)
      charon = await this.#connectCharon(signal, answerTimeoutMs).catch(giveUp(signal));
    if (charon === null) {
      await stopDaemon(spec, clock, 0);
      await this.#leftovers?.note();
      await rm(paths.charonDirectory, { recursive: true, force: true });
      await mkdir(paths.charonDirectory, { mode: 0o700 });
      await rotateLog(paths.charonLog);
      await writeFile(paths.strongswanConf, renderStrongswanConf(paths), { mode: 0o600 });
      await startDaemon(kernel, spec);
      logger.info({ netns: spec.netns }, 'charon started');
      charon = await this.#connectCharon(signal, startTimeoutMs);
    } else {
      logger.info({ netns: spec.netns }, 'charon adopted');
    }
    this.#charon = charon;
    const adopted = charon;
    void charon.closed.then(() => {
      if (this.#charon !== adopted) return;
      this.#charon = null;
      this.#options.onDeath('charon');
    });
    return charon;
  }

  async #connectCharon(signal: AbortSignal, timeoutMs: number): Promise<Charon> {
    return this.#retry(signal, timeoutMs, this.#charonSpec(), async (attempt) => {
      const charon = await connectCharon(this.#options.paths.viciSocket, { signal: attempt });
      try {
        await charon.version({ signal: attempt });
      } catch (error) {
        charon.close();
        throw error;
      }
      return charon;
    });
  }

  /** A charon without its uxfrm hears nothing of the kernel's side and spins (uxfrm.md, pitfall 4). */
  async #dropCharon(): Promise<void> {
    const charon = this.#charon;
    this.#charon = null;
    charon?.close();
    await stopDaemon({ name: 'charon', runDirectory: this.#options.paths.runDirectory }, this.#options.clock, 0);
  }

  /** Tries until it works, the time is up, or the process has died. */
  async #retry<T>(
    signal: AbortSignal,
    timeoutMs: number,
    spec: DaemonSpec,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { clock } = this.#options;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(deadline);
      } catch (error) {
        signal.throwIfAborted();
        const isDead = tries % 20 === 0 && (await findDaemon(spec)) === null;
        if (isDead || deadline.aborted) {
          const end = isDead ? 'ended' : `did not answer in ${timeoutMs} ms`;
          throw new Error(`${spec.name} of ${spec.netns} ${end}; see ${spec.runDirectory}/${spec.name}.log`, {
            cause: error,
          });
        }
        await clock.delay(10, signal);
      }
    }
  }

  #uxfrmSpec(): DaemonSpec {
    const { binaries, netns, paths, pathMtu } = this.#options;
    return {
      name: 'uxfrm',
      netns,
      runDirectory: paths.runDirectory,
      argv: [binaries.uxfrm, '--control', paths.uxfrmSocket, '--path-mtu', String(pathMtu)],
      env: {},
      confinement: null,
    };
  }

  #charonSpec(): DaemonSpec {
    const { binaries, dataPlane, netns, paths } = this.#options;
    return {
      name: 'charon',
      netns,
      runDirectory: paths.runDirectory,
      argv: [binaries.charon],
      env: {},
      confinement: {
        // It gives up the second one by itself once it has port 500.
        capabilities: ['net_admin', 'net_bind_service'],
        user: 'root',
        sharedDirectory: paths.charonDirectory,
        strongswanConf: paths.strongswanConf,
        preload: dataPlane === 'uxfrm' ? binaries.uxfrmShim : null,
      },
    };
  }
}

/** A running daemon that does not answer is replaced; but not when it was us who stopped waiting. */
function giveUp(signal: AbortSignal): (error: unknown) => null {
  return () => {
    signal.throwIfAborted();
    return null;
  };
}
