import { cutText } from '../domain/cut-text.ts';
import {
  enough,
  findDataPlaneFaults,
  type DataPlaneFault,
  type DataPlaneSight,
} from '../diagnosis/data-plane-faults.ts';
import type { WatchedFault } from '../domain/diagnosis/data-plane-findings.ts';
import { longestEvidence, mostEvidence, type Finding } from '../domain/diagnosis/finding.ts';
import { dropCountsOf, type DropReason } from '../domain/operator/dropped-packets.ts';
import type { TunnelObservation } from '../domain/operator/observation.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { askingCountsOf, nothingAsked, type AskingCounts } from '../domain/operator/asking-counters.ts';
import type { FilterCounter } from '../drivers/nft.ts';
import type { TunnelWatch } from '../plan/plan.ts';

interface Counted extends AskingCounts {
  readonly inPackets: number;
  readonly outPackets: number;
}

/** What was counted up to a look. */
interface Look {
  readonly at: number;
  readonly counted: Counted;
  readonly drops: ReadonlyMap<DropReason, number>;
}

interface WatchedTunnel {
  last: Look | null;
  /** Its health check is on: whoever has one wants to know soon. */
  isHurried: boolean;
  /** Since when the packet filter alone shows it otherwise than it was; null: it does not. */
  doubt: { readonly at: number; readonly isLookedAt: boolean } | null;
  /** What the look before this one made suspicious, and since when. */
  suspected: ReadonlyMap<WatchedFault, number>;
  findings: ReadonlyMap<WatchedFault, HeldFinding>;
}

/** Instants of the clock's `elapsed`. */
interface HeldFinding {
  readonly finding: Omit<Finding, 'since'>;
  readonly since: number;
  /** When it was last seen. */
  readonly seenAt: number;
}

/** Between two looks, where nothing is suspected. */
const lookMs = 4500;
/** While something is asked through a tunnel with a health check, the packet filter alone is looked at. */
const glanceMs = 1000;
/** A suspicion is looked at again after so long: what was asked just before a look has had its time then. */
const againMs = 1000;
/** Who asks no more has no evidence against him any more, and is believed on for so long. */
const heldMs = 300_000;

/** What each tunnel asked and was not answered from one look to the next, and what follows from it. */
export class DataPlaneWatch {
  readonly #tunnels = new Map<VpnConnectionId, WatchedTunnel>();
  #nextDue = 0;
  #nextGlance = Infinity;

  /** When the next look is due, of the clock's `elapsed`: what is seen in less time says little. */
  get nextDue(): number {
    return this.#nextDue;
  }

  /** When the packet filter is to be glanced at, should nothing else be due before. */
  get nextGlance(): number {
    return this.#nextGlance;
  }

  /** Something is known to have changed. */
  lookSoon(): void {
    this.#nextDue = 0;
  }

  /**
   * At what is asked through tunnels with a health check, between two looks. Where it turns out otherwise than it was, a look is due at once.
   * @param counters null: they could not be read; the next look asks again.
   */
  glance(counters: readonly FilterCounter[] | null, elapsed: number): void {
    this.#nextGlance = Infinity;
    if (counters === null) return;
    const asking = askingCountsOf(counters);
    for (const [id, tunnel] of this.#tunnels) {
      if (!tunnel.isHurried || tunnel.doubt !== null) continue;
      this.#nextGlance = elapsed + glanceMs;
      if (this.#turnsOut(tunnel, asking.get(id) ?? nothingAsked)) continue;
      tunnel.doubt = { at: elapsed, isLookedAt: false };
      this.#nextDue = elapsed;
    }
  }

  /** True when it is as it was: answered, or not. */
  #turnsOut(tunnel: WatchedTunnel, now: AskingCounts): boolean {
    const { last } = tunnel;
    if (last === null) return true;
    const asked = grown(last.counted.asked, now.asked);
    const answered = grown(last.counted.answered, now.answered);
    if (isInVain(tunnel)) return answered === 0;
    if (answered > 0) tunnel.last = { ...last, counted: { ...last.counted, ...now } };
    return answered > 0 || asked < enough;
  }

  /** None of these tunnels has an SA: there is nothing to be seen. */
  rest(ids: Iterable<VpnConnectionId>, elapsed: number): ReadonlyMap<VpnConnectionId, readonly Finding[]> {
    this.#tunnels.clear();
    this.#nextDue = elapsed + lookMs;
    this.#nextGlance = Infinity;
    return new Map([...ids].map((id) => [id, []]));
  }

  /**
   * One look at all tunnels; others are forgotten. Returns what is found of each.
   * @param counters of the packet filter; null: it could not be read.
   */
  look(
    tunnels: readonly WatchedObservation[],
    counters: readonly FilterCounter[] | null,
    { elapsed, origin }: { readonly elapsed: number; readonly origin: number },
  ): ReadonlyMap<VpnConnectionId, readonly Finding[]> {
    const ids = new Set(tunnels.map(({ observation }) => observation.id));
    for (const id of this.#tunnels.keys()) if (!ids.has(id)) this.#tunnels.delete(id);
    this.#nextDue = elapsed + lookMs;
    this.#nextGlance = Infinity;
    if (counters === null) return new Map();
    const [asking, drops] = [askingCountsOf(counters), dropsByTunnel(counters)];
    return new Map(
      tunnels.map((watched) => {
        const { observation } = watched;
        const { id } = observation;
        const tunnel: WatchedTunnel = this.#tunnels.get(id) ?? {
          last: null,
          ...{ isHurried: false, doubt: null },
          suspected: new Map(),
          findings: new Map(),
        };
        this.#tunnels.set(id, tunnel);
        const look = {
          at: elapsed,
          counted: countedOf(observation, asking.get(id)),
          drops: drops.get(id) ?? new Map<DropReason, number>(),
        };
        this.#judge(tunnel, look, watched);
        return [id, [...tunnel.findings.values()].map(({ finding, since }) => ({ ...finding, since: since + origin }))];
      }),
    );
  }

  #lookIn(ms: number, { at }: Look): void {
    this.#nextDue = Math.min(this.#nextDue, at + ms);
  }

  #judge(tunnel: WatchedTunnel, look: Look, watched: WatchedObservation): void {
    const { last } = tunnel;
    const { observation, probe } = watched;
    if (last === null || observation.sas?.connected !== true) {
      const nothing = { suspected: new Map(), findings: new Map(), isHurried: false, doubt: null };
      Object.assign(tunnel, { last: look, ...nothing });
      return;
    }
    const sight = sightOf(last, look, watched);
    const faults = findDataPlaneFaults(sight);
    const { doubt } = tunnel;
    const since = doubt?.at ?? look.at;
    const suspected = new Map(faults.map(({ code }) => [code, tunnel.suspected.get(code) ?? since]));
    const isSure = ({ code, by }: DataPlaneFault) =>
      by === 'drops' ||
      (by === 'probes' && code === 'esp-not-received') ||
      look.at - (suspected.get(code) ?? look.at) >= againMs;
    const unsure = faults.filter((fault) => !isSure(fault));
    if (unsure.length > 0) this.#lookIn(againMs, look);
    this.#countOn(tunnel, { last, look, sight }, { faults, unsure });
    const findings = new Map([...tunnel.findings].filter(([code, held]) => isKept(code, held, sight, look.at)));
    for (const fault of faults.filter((each) => isSure(each) || findings.has(each.code))) {
      const before = findings.get(fault.code);
      const finding = findingOf(observation.id, fault, before?.finding);
      findings.set(fault.code, { finding, since: before?.since ?? look.at, seenAt: look.at });
    }
    tunnel.suspected = suspected;
    tunnel.findings = findings;
    tunnel.isHurried = probe !== null && (sight.asked > 0 || isInVain(tunnel));
    if (tunnel.isHurried) this.#nextGlance = Math.min(this.#nextGlance, look.at + glanceMs);
  }

  /** What was asked until now counts on, until it is sure that nothing answers. */
  #countOn(
    tunnel: WatchedTunnel,
    { last, look, sight }: { readonly last: Look; readonly look: Look; readonly sight: DataPlaneSight },
    { faults, unsure }: Readonly<Record<'faults' | 'unsure', readonly DataPlaneFault[]>>,
  ): void {
    const isByAsks = ({ by }: DataPlaneFault) => by === 'asks';
    const isDoubted = tunnel.doubt?.isLookedAt === false && sight.asked >= enough && sight.answered === 0;
    if (isDoubted && !faults.some(isByAsks)) {
      this.#countSasAnew(tunnel, last, look);
      return;
    }
    tunnel.doubt = null;
    if (!unsure.some(isByAsks)) tunnel.last = look;
  }

  /** What the SAs have carried since the look before is older than what the glances saw: what counts is from now on. */
  #countSasAnew(tunnel: WatchedTunnel, { counted }: Look, look: Look): void {
    const { asked, answered, called, accepted } = counted;
    tunnel.last = { ...look, counted: { ...look.counted, asked, answered, called, accepted } };
    tunnel.doubt = { at: tunnel.doubt?.at ?? look.at, isLookedAt: true };
    this.#lookIn(againMs, look);
  }
}

/** It was found that nothing answers. */
function isInVain({ findings }: Pick<WatchedTunnel, 'findings'>): boolean {
  return inVain.some((code) => findings.has(code));
}

const inVain = [
  'esp-not-received',
  'esp-not-delivered',
  'peer-network-silent',
] as const satisfies readonly WatchedFault[];

/** A tunnel and what its health check asks. */
export interface WatchedObservation {
  readonly observation: TunnelObservation;
  readonly probe: TunnelWatch['probe'];
  readonly selectors: DataPlaneSight['selectors'];
  readonly unmapped: DataPlaneSight['unmapped'];
}

/** What is not seen again stands as long as nothing contradicts it. */
function isKept(code: WatchedFault, { seenAt }: HeldFinding, sight: DataPlaneSight, at: number): boolean {
  if (code === 'traffic-outside-mappings' || code === 'sources-dropped') return at - seenAt < 2 * lookMs;
  return at - seenAt < heldMs && !contradicts[code](sight);
}

const contradicts: Readonly<
  Record<Exclude<WatchedFault, 'traffic-outside-mappings' | 'sources-dropped'>, (sight: DataPlaneSight) => boolean>
> = {
  'esp-not-received': ({ inPackets }) => inPackets > 0,
  'esp-not-delivered': ({ answered, inPackets, called, probe }) =>
    answered > 0 || inPackets > called || probe?.state === 'available',
  'peer-network-silent': ({ answered, probe }) => answered > 0 || probe?.state !== 'available',
  'probe-never-answered': ({ probe }) => probe?.state !== 'unknown',
  'probe-no-longer-answered': ({ probe }) => probe?.state !== 'unavailable',
};

function findingOf(
  object: VpnConnectionId,
  { code, ours, evidence }: DataPlaneFault,
  before: HeldFinding['finding'] | undefined,
): HeldFinding['finding'] {
  const told = [...(before?.evidence ?? []), cutText(evidence, longestEvidence)].slice(-mostEvidence);
  return { code, object, ours, theirs: null, evidence: told };
}

function countedOf({ traffic }: TunnelObservation, asking: AskingCounts = nothingAsked): Counted {
  return { ...asking, inPackets: traffic?.inPackets ?? 0, outPackets: traffic?.outPackets ?? 0 };
}

/** What a counter that begins anew has counted is all of it. */
function grown(before: number, now: number): number {
  return now >= before ? now - before : now;
}

function sightOf(
  last: Look,
  look: Look,
  { observation: { usability }, probe, selectors, unmapped }: WatchedObservation,
): DataPlaneSight {
  const names = Object.keys(look.counted) as (keyof Counted)[];
  const counts = names.map((name) => [name, grown(last.counted[name], look.counted[name])]);
  const drops = [...look.drops].map(([reason, packets]) => [reason, grown(last.drops.get(reason) ?? 0, packets)]);
  const check = usability?.healthCheck ?? null;
  return {
    ...(Object.fromEntries(counts) as Record<keyof Counted, number>),
    drops: Object.fromEntries(drops) as DataPlaneSight['drops'],
    ...{ selectors, unmapped },
    probe:
      check === null || probe === null
        ? null
        : {
            ...{ state: check.state, address: probe.remoteAddress },
            ...{ sent: check.probes.sent, lost: check.probes.lost },
            sentMeanwhile: Math.ceil((look.at - last.at) / probe.intervalMs) + 1,
          },
  };
}

function dropsByTunnel(counters: readonly FilterCounter[]): ReadonlyMap<string, ReadonlyMap<DropReason, number>> {
  const byTunnel = Map.groupBy(dropCountsOf(counters), ({ entrance }) => entrance as string);
  return new Map(
    [...byTunnel].map(([id, counts]) => [id, new Map(counts.map(({ reason, packets }) => [reason, packets]))]),
  );
}
