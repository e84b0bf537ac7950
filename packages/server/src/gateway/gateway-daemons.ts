import { connectCharon, type Charon } from '@landbridge/vici';
import { existsSync } from 'node:fs';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { withPatience } from '../platform/patience.ts';
import type { Binaries } from '../drivers/binaries.ts';
import { nobody } from '../drivers/confine.ts';
import { endIkeSas, unlessGone } from '../drivers/end-ike-sas.ts';
import { findDaemon, startDaemon, stopDaemon, type DaemonSpec } from '../drivers/daemon-process.ts';
import type { GatewayPaths } from '../drivers/gateway-paths.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { LeftoverSas } from '../drivers/leftover-sas.ts';
import { readKernelSas, type DataPlaneSa } from '../drivers/data-plane-sa.ts';
import { rotateLog } from '../drivers/log-file.ts';
import { renderStrongswanConf } from '../drivers/strongswan-conf.ts';
import { UxfrmControl } from '../drivers/uxfrm-control.ts';

export interface GatewayDaemonsOptions {
  readonly kernel: Kernel;
  readonly netns: string;
  readonly paths: GatewayPaths;
  readonly dataPlane: 'kernel' | 'uxfrm';
  readonly binaries: Binaries;
  readonly pathMtu: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A daemon has no process any more, or was ended because it did not answer: ensure() has to be called again. */
  readonly onDeath: (name: DaemonSpec['name']) => void;
  /** The connection to a daemon is lost that runs on: ensure() has to be called again. */
  readonly onDisconnect: (name: DaemonSpec['name']) => void;
}

export interface RunningDaemons {
  readonly charon: Charon;
  /** Of strongSwan: `5.9.8`. */
  readonly charonVersion: string;
  /** Null on the kernel data plane. */
  readonly uxfrm: UxfrmControl | null;
}

/** What a gateway needs of its daemons. */
export type Daemons = Pick<GatewayDaemons, 'forwards' | 'ensure' | 'readSas' | 'stop' | 'disconnect' | 'tidy'>;

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
  #charonVersion = '';
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
    const charon = await this.#ensureCharon(signal);
    return { uxfrm, charon, charonVersion: this.#charonVersion };
  }

  /** The SAs that carry packets: the kernel's, or uxfrm's. Null while they cannot be had. */
  async readSas(signal: AbortSignal): Promise<readonly DataPlaneSa[] | null> {
    const { dataPlane, kernel, netns } = this.#options;
    if (dataPlane === 'kernel') return readKernelSas(kernel, netns, signal);
    return this.#uxfrm === null || this.#uxfrm.isClosed ? null : this.#uxfrm.listSas(signal);
  }

  /** Ends both for good, whether they were adopted or not; charon tells its peers. */
  async stop(): Promise<void> {
    const { paths, clock } = this.#options;
    await this.#closeTunnels();
    this.disconnect();
    await stopDaemon({ name: 'charon', runDirectory: paths.runDirectory }, clock, charonGraceMs);
    await stopDaemon({ name: 'uxfrm', runDirectory: paths.runDirectory }, clock, uxfrmGraceMs);
    await rm(paths.runDirectory, { recursive: true, force: true });
  }

  /** A charon that is told to end says goodbye only where no other exchange is under way. */
  async #closeTunnels(): Promise<void> {
    const { clock, logger, netns } = this.#options;
    const spec = this.#charonSpec();
    const signal = AbortSignal.timeout(answerTimeoutMs);
    try {
      if ((await findDaemon(spec)) === null) return;
      const charon = this.#charon ?? (await this.#connectCharon(signal, answerTimeoutMs));
      try {
        // Nobody shall open again what is being closed.
        for (const name of await charon.getConns({ signal })) await unlessGone(charon.unloadConn(name, { signal }));
        const ikeSas = await charon.listSas({}, { signal });
        await endIkeSas(charon, new Set(ikeSas.map(({ name }) => name)), clock, signal);
      } finally {
        if (charon !== this.#charon) charon.close();
      }
    } catch (error) {
      logger.warn(
        { netns, error: (error as Error).message },
        'peers may not have been told that their tunnels are gone',
      );
    }
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
    const isRunning = (await findDaemon(spec)) !== null;
    if (isRunning) control = await this.#connectUxfrm(signal, answerTimeoutMs).catch(giveUp(signal));
    if (control === null) {
      await this.#dropCharon();
      await stopDaemon(spec, clock, 0);
      if (isRunning) this.#options.onDeath('uxfrm');
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
      void this.#tellLoss(spec);
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
    const isRunning = (await findDaemon(spec)) !== null;
    // A charon of a former version has its socket elsewhere: nobody waits for that.
    const isReachable = isRunning && existsSync(paths.charonDirectory);
    if (isReachable) charon = await this.#connectCharon(signal, answerTimeoutMs).catch(giveUp(signal));
    if (charon === null) {
      // Told to end, it would tell its peers and take its SAs along, which carry packets until the next one has its own.
      await stopDaemon(spec, clock, 0);
      if (isRunning) this.#options.onDeath('charon');
      await this.#leftovers?.note();
      await rm(paths.charonDirectory, { recursive: true, force: true });
      await mkdir(paths.charonDirectory, { mode: 0o755 });
      await rotateLog(paths.charonLog);
      await writeFile(paths.strongswanConf, renderStrongswanConf(paths), { mode: 0o600 });
      await startDaemon(kernel, spec);
      logger.info({ netns: spec.netns }, 'charon started');
      charon = await this.#connectCharon(signal, startTimeoutMs);
      // Its socket stands. A charon that was taken over, root without root's power over files, can put no other in its place.
      await chown(paths.charonDirectory, nobody, nobody);
    } else {
      logger.info({ netns: spec.netns }, 'charon adopted');
    }
    this.#charon = charon;
    const adopted = charon;
    void charon.closed.then(() => {
      if (this.#charon !== adopted) return;
      this.#charon = null;
      void this.#tellLoss(spec);
    });
    return charon;
  }

  /** Dead is what has no process: a lost connection alone says nothing about the tunnels. */
  async #tellLoss(spec: DaemonSpec): Promise<void> {
    const { onDeath, onDisconnect } = this.#options;
    const isDead = (await findDaemon(spec).catch(() => null)) === null;
    (isDead ? onDeath : onDisconnect)(spec.name);
  }

  async #connectCharon(signal: AbortSignal, timeoutMs: number): Promise<Charon> {
    return this.#retry(signal, timeoutMs, this.#charonSpec(), async (attempt) => {
      const charon = await connectCharon(this.#options.paths.viciSocket, { signal: attempt });
      try {
        this.#charonVersion = (await charon.version({ signal: attempt })).version;
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
    return withPatience({ clock, ms: timeoutMs, signal }, async (limited) => {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(limited);
        } catch (error) {
          signal.throwIfAborted();
          const isDead = tries % 20 === 0 && (await findDaemon(spec)) === null;
          if (isDead || limited.aborted) {
            const end = isDead ? 'ended' : `did not answer in ${timeoutMs} ms`;
            throw new Error(`${spec.name} of ${spec.netns} ${end}; see ${spec.runDirectory}/${spec.name}.log`, {
              cause: error,
            });
          }
          await clock.delay(10, signal);
        }
      }
    });
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
