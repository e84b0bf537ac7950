import type { IpAddress } from '@landbridge/net';
import {
  proofBounds,
  type PathProof,
  type PathProving,
  type ProofOrder,
  type ProofRefusal,
} from '../domain/operator/path-proof.ts';
import type { NetnsPlan } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { FindFree } from './free-address.ts';
import type { ProofLimits } from './proof-limits.ts';
import { proofPlace, type ProofPlace } from './proof-place.ts';
import type { StandHost, StandingHost } from './standing-host.ts';

export interface PathProverOptions {
  /** What they do not have is not proven, whoever wants it. */
  readonly plans: () => readonly NetnsPlan[];
  readonly findFree: FindFree;
  readonly stand: StandHost;
  readonly limits: ProofLimits;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

/** From where packets are sent, and to where: another subnet, or an address. */
interface Ends {
  readonly from: ProofPlace;
  readonly to: ProofPlace | IpAddress;
}

/** Proves paths with packets. */
export class PathProver implements PathProving {
  readonly #options: PathProverOptions;

  constructor(options: PathProverOptions) {
    this.#options = options;
  }

  async prove({ accountId, from, to }: ProofOrder): Promise<PathProof | ProofRefusal> {
    const plans = this.#options.plans();
    const source = proofPlace(from, plans);
    const destination = to.kind === 'subnet' ? proofPlace(to.id, plans) : to.address;
    if (source === undefined || destination === undefined) return 'not-there';
    const vpcs = new Set([source.vpc, ...(typeof destination === 'string' ? [] : [destination.vpc])]);
    const end = this.#options.limits.begin(accountId, vpcs);
    if (typeof end === 'string') return end;
    try {
      return await this.#run({ from: source, to: destination });
    } catch (error) {
      this.#options.logger.warn({ from, error: describeError(error) }, 'a path could not be proven');
      return 'not-started';
    } finally {
      end();
    }
  }

  async #run({ from, to }: Ends): Promise<PathProof | 'no-free-address'> {
    const { findFree, stand, clock, logger } = this.#options;
    // Two hosts in one subnet have two addresses, neither the one that is asked for.
    const claimed = new Set<string>(typeof to === 'string' ? [to] : []);
    const places = typeof to === 'string' ? [from] : [from, to];
    const free = await Promise.all(places.map((place) => findFree(place, claimed)));
    const [sourceAddress = null, ownDestination = null] = free;
    if (sourceAddress === null || (typeof to !== 'string' && ownDestination === null)) return 'no-free-address';
    await using hosts = new AsyncDisposableStack();
    const source = hosts.use(await stand(from, sourceAddress));
    const other = typeof to === 'string' || ownDestination === null ? null : hosts.use(await stand(to, ownDestination));
    const destination = typeof to === 'string' ? to : (other?.address ?? source.address);
    const { sent, answered, delay, refusals } = await source.ping({
      ...{ destination, packets: proofBounds.echoes, spacingMs: proofBounds.spacingMs, timeToLive: null },
    });
    const arrived = (await other?.echoRequests()) ?? null;
    const routers = await routersOf(source, destination);
    logger.info({ source: source.address, destination, sent, arrived, answered }, 'a path was proven');
    return {
      ...{ source: source.address, destination, sent, arrived, answered, delay, refusals, routers },
      provenAt: clock.now(),
    };
  }
}

/** All at once: each is one packet. Behind the destination there is none, so what comes from it ends the list. */
async function routersOf(source: StandingHost, destination: IpAddress): Promise<(IpAddress | null)[]> {
  const lives = Array.from({ length: proofBounds.routers }, (_, index) => index + 1);
  const reports = await Promise.all(
    lives.map((timeToLive) => source.ping({ destination, packets: 1, spacingMs: proofBounds.spacingMs, timeToLive })),
  );
  const reached = reports.findIndex(({ answered }) => answered > 0);
  const before = reached < 0 ? reports : reports.slice(0, reached);
  const routers = before.map(({ refusals }) => refusals.find(isOfRouter)?.from ?? null);
  return routers.slice(0, routers.findLastIndex((router) => router !== null) + 1);
}

function isOfRouter({ message }: { readonly message: string }): boolean {
  return message.startsWith('Time to live exceeded');
}
