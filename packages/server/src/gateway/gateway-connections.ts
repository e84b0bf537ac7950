import type { Charon } from '@landbridge/vici';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import {
  applyConnections,
  diffConnections,
  diffFromLoaded,
  dropConnections,
  readCharon,
  type ConnectionChanges,
} from '../drivers/charon-connections.ts';
import { nameConnection, type EspChoice, type NamedConnection } from '../drivers/named-connection.ts';
import { replayWindowFor } from '../drivers/replay-window.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import type { KeySource } from './key-source.ts';
import { canBegin, type WatchedConnection } from './watched-connection.ts';

export interface GatewayConnectionsOptions {
  /** Nobody else in a gateway has it. */
  readonly source: KeySource;
  readonly dataPlane: EspChoice['dataPlane'];
  readonly espAlwaysInUdp: boolean;
  readonly clock: Clock;
  /** What charon will be told, if that is something else than before; before it is, so that no event of theirs is missed. */
  readonly onWanted: (connections: readonly WatchedConnection[]) => void;
}

/** A charon that answers. */
interface AnsweringCharon {
  readonly charon: Charon;
  readonly charonVersion: string;
}

/** What a charon was brought to. */
interface Loaded {
  readonly by: Charon;
  readonly connections: ReadonlyMap<string, NamedConnection>;
}

/** A plan's connection in charon's terms, of a key and a charon. */
interface Named {
  readonly digest: string;
  readonly replayWindow: number;
  readonly connection: NamedConnection;
  readonly watched: WatchedConnection;
}

/**
 * The connections of one gateway: brought into charon, with their keys. What charon has loaded it says itself, at the first time,
 * after an error and whenever there is doubt; in between it has what it was told last, and a change costs what differs.
 */
export class GatewayConnections {
  readonly #options: GatewayConnectionsOptions;
  #loaded: Loaded | null = null;
  /** A plan's part that did not change is the same object. */
  readonly #names = new WeakMap<ConnectionPlan, Named>();
  #watched: readonly WatchedConnection[] = [];

  constructor(options: GatewayConnectionsOptions) {
    this.#options = options;
  }

  /**
   * Brings charon to these connections and no others. Returns what could not be loaded, and why. Rejects while charon does not
   * answer, even where it needs to be told nothing: that all is well cannot be said then.
   * @param signal aborts while it does not.
   */
  async apply(
    { charon, charonVersion }: AnsweringCharon,
    plans: readonly ConnectionPlan[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<VpnConnectionId, string>> {
    const { source, clock } = this.#options;
    const { named, keyless } = await this.#name(plans, replayWindowFor(charonVersion));
    const wanted = named.filter(({ watched }) => canBegin(watched.plan)).map(({ connection }) => connection);
    signal.throwIfAborted();
    const changes = await this.#difference(charon, wanted, signal);
    this.#tellWanted(named.map(({ watched }) => watched));
    const refused = await applyConnections(charon, changes, (id) => source.preSharedKey(id), clock, signal);
    if (refused.size === 0) {
      this.#loaded = { by: charon, connections: new Map(wanted.map((connection) => [connection.name, connection])) };
    }
    return new Map([...keyless, ...refused]);
  }

  /** Ends these with their SAs, so that their devices and if_ids can become somebody else's. */
  async drop(charon: Charon, ids: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    this.doubt();
    await dropConnections(charon, ids, this.#options.clock, signal);
  }

  /** Somebody else may have told charon something: it is asked for all that it has, the next time. */
  doubt(): void {
    this.#loaded = null;
  }

  /** Unless all goes well from here on, nothing is known. */
  async #difference(
    charon: Charon,
    wanted: readonly NamedConnection[],
    signal: AbortSignal,
  ): Promise<ConnectionChanges> {
    const before = this.#loaded;
    this.#loaded = null;
    if (before?.by === charon) return diffFromLoaded(charon, wanted, before.connections, signal);
    return diffConnections(wanted, await readCharon(charon, signal));
  }

  async #name(plans: readonly ConnectionPlan[], replayWindow: number) {
    const { source } = this.#options;
    const digestOf = (plan: ConnectionPlan) =>
      canBegin(plan) ? source.preSharedKeyDigest(plan.id) : Promise.resolve('');
    const digests = await Promise.allSettled(plans.map(digestOf));
    const named: Named[] = [];
    const keyless = new Map<VpnConnectionId, string>();
    for (const [place, plan] of plans.entries()) {
      const digest = digests[place];
      if (digest?.status === 'fulfilled') named.push(this.#nameOne(plan, digest.value, replayWindow));
      else keyless.set(plan.id, describeError(digest?.reason));
    }
    return { named, keyless };
  }

  #nameOne(plan: ConnectionPlan, digest: string, replayWindow: number): Named {
    const known = this.#names.get(plan);
    if (known?.digest === digest && known.replayWindow === replayWindow) return known;
    const { dataPlane, espAlwaysInUdp: alwaysInUdp } = this.#options;
    const connection = nameConnection(plan, digest, { dataPlane, alwaysInUdp, replayWindow });
    const named = { digest, replayWindow, connection, watched: { plan, name: connection.name } };
    this.#names.set(plan, named);
    return named;
  }

  #tellWanted(watched: readonly WatchedConnection[]): void {
    const before = this.#watched;
    this.#watched = watched;
    const isSame = watched.length === before.length && watched.every((each, place) => each === before[place]);
    if (!isSame) this.#options.onWanted(watched);
  }
}
