import { mkdir, rm } from 'node:fs/promises';
import type { Binaries } from '../drivers/binaries.ts';
import { charonOf, type CharonConnection } from '../drivers/daemons/charon.ts';
import { KeptDaemon, type KeptDaemonOptions } from '../drivers/daemons/kept-daemon.ts';
import { uxfrmOf } from '../drivers/daemons/uxfrm.ts';
import type { UxfrmControl } from '../drivers/daemons/uxfrm-control.ts';
import { readKernelSas, type DataPlaneSa } from '../drivers/data-plane-sa.ts';
import { closeTunnels } from '../drivers/end-ike-sas.ts';
import type { GatewayPaths } from '../drivers/gateway-paths.ts';
import { LeftoverSas } from '../drivers/leftover-sas.ts';
import { rotateLog } from '../drivers/log-file.ts';
import { describeError } from '../platform/describe-error.ts';

export interface GatewayDaemonsOptions extends KeptDaemonOptions {
  readonly netns: string;
  readonly paths: GatewayPaths;
  readonly dataPlane: 'kernel' | 'uxfrm';
  readonly binaries: Pick<Binaries, 'charon' | 'uxfrm' | 'uxfrmShim'>;
  readonly pathMtu: number;
}

export interface RunningDaemons extends Pick<CharonConnection, 'charon' | 'charonVersion'> {
  /** Null on the kernel data plane. */
  readonly uxfrm: UxfrmControl | null;
}

/** What a gateway needs of its daemons. */
export type Daemons = Pick<GatewayDaemons, 'forwards' | 'ensure' | 'readSas' | 'stop' | 'disconnect' | 'tidy'>;

/** For a goodbye to all peers; after that charon is ended without one. */
const goodbyeMs = 5000;
/** charon says goodbye to its peers in this time. */
const charonGraceMs = 2000;
const uxfrmGraceMs = 1000;

/**
 * charon and uxfrm of one gateway. They are one failure unit in one direction: charon may be replaced while uxfrm, or the kernel,
 * forwards on, but a charon whose uxfrm died is deaf, and is replaced with it.
 */
export class GatewayDaemons {
  readonly #options: GatewayDaemonsOptions;
  readonly #charon: KeptDaemon<CharonConnection>;
  readonly #uxfrm: KeptDaemon<UxfrmControl>;
  /** Null on the data plane uxfrm, which looks after its own. */
  readonly #leftovers: LeftoverSas | null;

  constructor(options: GatewayDaemonsOptions) {
    this.#options = options;
    const { kernel, netns, paths, dataPlane, clock } = options;
    this.#leftovers = dataPlane === 'kernel' ? new LeftoverSas(kernel, netns, paths.leftoverSas, clock) : null;
    const beforeStart = async (): Promise<void> => this.#leftovers?.note();
    this.#charon = new KeptDaemon(charonOf({ ...options, beforeStart }), options);
    this.#uxfrm = new KeptDaemon(uxfrmOf(options), options);
  }

  /** Packets flow without charon. */
  get forwards(): boolean {
    return this.#options.dataPlane === 'kernel' || this.#uxfrm.connection !== null;
  }

  /** Adopts what runs, starts what does not. */
  async ensure(signal: AbortSignal): Promise<RunningDaemons> {
    const { paths, dataPlane } = this.#options;
    if (this.#charon.connection === null || !this.forwards) {
      await mkdir(paths.runDirectory, { recursive: true, mode: 0o700 });
    }
    // A charon without its uxfrm hears nothing of the kernel's side and spins (uxfrm.md, pitfall 4).
    const uxfrm = dataPlane === 'kernel' ? null : await this.#uxfrm.ensure(signal, () => this.#charon.stop(0));
    const { charon, charonVersion } = await this.#charon.ensure(signal);
    return { uxfrm, charon, charonVersion };
  }

  /** The SAs that carry packets: the kernel's, or uxfrm's. Null while they cannot be had. */
  async readSas(signal: AbortSignal): Promise<readonly DataPlaneSa[] | null> {
    const { dataPlane, kernel, netns } = this.#options;
    if (dataPlane === 'kernel') return readKernelSas(kernel, netns, signal);
    const { connection } = this.#uxfrm;
    return connection === null || connection.isClosed ? null : connection.listSas(signal);
  }

  /** Ends both for good, whether they were adopted or not; charon tells its peers. */
  async stop(): Promise<void> {
    const { clock, logger, netns, paths } = this.#options;
    const signal = AbortSignal.timeout(goodbyeMs);
    await this.#charon
      .whileRunning(signal, ({ charon }) => closeTunnels(charon, clock, signal))
      .catch((error: unknown) => {
        logger.warn({ netns, error: describeError(error) }, 'peers may not have been told that their tunnels are gone');
      });
    await this.#charon.stop(charonGraceMs);
    await this.#uxfrm.stop(uxfrmGraceMs);
    await rm(paths.runDirectory, { recursive: true, force: true });
  }

  /** Lets go of the daemons without a word to them. */
  disconnect(): void {
    this.#charon.disconnect();
    this.#uxfrm.disconnect();
  }

  /** What grows, or has served its time. */
  async tidy(signal: AbortSignal): Promise<void> {
    await rotateLog(this.#options.paths.charonLog);
    await rotateLog(this.#options.paths.uxfrmLog);
    await this.#leftovers?.removeExpired(signal);
  }
}
