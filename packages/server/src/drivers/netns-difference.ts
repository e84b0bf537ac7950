import { isSameValue } from '../plan/same-value.ts';
import type { LinkPlan, NetnsPlan, NeighbourPlan } from '../plan/plan.ts';
import { diffAddresses } from './address.ts';
import { changed } from './changed-parts.ts';
import { routeProtocol, type Kernel } from './kernel.ts';
import { diffLinks, type ActualLink, type LinkDiffOptions } from './link.ts';
import { diffNeighbours, type ActualNeighbour } from './neighbour.ts';
import { changeProxies } from './neighbour-proxy.ts';
import { describePending, inOrder, type NetnsChanges } from './netns-state.ts';
import { changeTables } from './nft.ts';
import { possiblePart } from './possible-part.ts';
import type { ProvenPlan } from './proven-plans.ts';
import { changeRoutes } from './route.ts';
import { changeRules } from './rule.ts';
import { bytesPerSecond, diffShapers } from './shaper.ts';

/** What leads from what is known to be in the kernel to another plan. */
export interface NetnsDifference {
  readonly changes: NetnsChanges;
  /** What the kernel has once they are made. */
  readonly becomes: Omit<ProvenPlan, 'asked'>;
}

/**
 * Pure: as diffNetns(), of what differs only, and with the former plan in the place of what would be read. Undefined where that does not
 * tell enough, and a look is needed: devices that are made here, or replaced, or limits that several share.
 */
export function differNetns(
  kernel: Kernel,
  proven: ProvenPlan,
  wanted: NetnsPlan,
  options: LinkDiffOptions,
): NetnsDifference | undefined {
  const { plan: before, links: known } = proven;
  const present = new Set(known.map(({ name }) => name));
  const { part: after, missing } = possiblePart(wanted, present);
  const filter = changeTables(before, after);
  const links = changed(before.links, after.links, ({ name }) => name);
  const former = new Map(links.gone.map((link) => [link.name, link]));
  const names = new Set(before.links.map(({ name }) => name));
  const stay = new Set(links.come.map(({ name }) => name));
  const canBeTold =
    filter !== undefined &&
    isSameOtherwise(before, after) &&
    areTunnels(missing, wanted) &&
    links.come.every((link) => (names.has(link.name) ? changesSimply(former.get(link.name), link) : isTunnel(link))) &&
    links.gone.every((link) => isTunnel(link) || stay.has(link.name));
  if (!canBeTold) return undefined;

  const { netns, cablesFrom = [] } = after;
  const actual = known.filter(({ name }) => stay.has(name)).map((link) => asPlanned(link, former.get(link.name)));
  const devices = diffLinks(kernel, netns, links.come, actual, { ...options, cablesFrom });
  const neighbours = links.gone.flatMap(neighboursOf);
  const changes = inOrder({
    sysctls: { writes: changedSettings(before, after), missing: [] },
    filter,
    links: devices,
    cables: [],
    neighbours: diffNeighbours(netns, links.come, neighbours, stay),
    addresses: diffAddresses(netns, links.come, actual, stay),
    rules: changeRules(netns, before.rules, after.rules),
    routes: changeRoutes(netns, before.routes, after.routes, present),
    proxies: changeProxies(netns, before.proxies, after.proxies, present),
    tc: diffShapers(links.come, links.gone.flatMap(shaperOf), stay),
    pending: describePending(missing, []),
  });
  return { changes, becomes: { plan: after, links: known } };
}

function isTunnel({ kind }: LinkPlan): boolean {
  return kind === 'tunnel';
}

/** A gateway that is made has as many names as tunnels here. */
function areTunnels(names: readonly string[], { links }: NetnsPlan): boolean {
  if (names.length === 0) return true;
  const tunnels = new Set(links.filter(isTunnel).map(({ name }) => name));
  return names.every((name) => tunnels.has(name));
}

/**
 * Of the same device nothing but what a former plan tells as well as the kernel. With an address the kernel takes away what it sees fit: with
 * the last one neighbours, proxies and routes of the device, with a primary one those of the same subnet, and routes that bear it.
 */
function changesSimply(from: LinkPlan | undefined, to: LinkPlan): boolean {
  if (from === undefined || !isSameValue(essenceOf(from), essenceOf(to))) return false;
  return from.addresses.every((address) => to.addresses.some((other) => isSameValue(address, other)));
}

function essenceOf(link: LinkPlan): object {
  return { ...link, addresses: null, mtu: null, neighbours: null, egressLimitMbps: null, adjacent: null };
}

function isSameOtherwise(before: NetnsPlan, after: NetnsPlan): boolean {
  const rest = ({ netns, sysctlMinima, cablesFrom, sysctls }: NetnsPlan) => {
    return [netns, sysctlMinima, cablesFrom, Object.keys(sysctls)];
  };
  return isSameValue(rest(before), rest(after));
}

function changedSettings(before: NetnsPlan, after: NetnsPlan): { name: string; value: string }[] {
  return Object.entries(after.sysctls)
    .filter(([name, value]) => before.sysctls[name] !== value)
    .map(([name, value]) => ({ name, value }));
}

/** A device that is in no plan yet is as it was read. */
function asPlanned(link: ActualLink, former: LinkPlan | undefined): ActualLink {
  if (former === undefined) return link;
  return { ...link, up: true, mtu: former.mtu ?? link.mtu, addresses: former.addresses };
}

function neighboursOf({ name: device, neighbours = [] }: LinkPlan): ActualNeighbour[] {
  return neighbours.map((entry) => asEntered(device, entry));
}

function asEntered(device: string, { address, mac }: NeighbourPlan): ActualNeighbour {
  const [isPermanent, isManaged] = [mac !== null, mac === null];
  return { device, address, mac, isPermanent, isManaged, protocol: routeProtocol };
}

function shaperOf({ name: device, egressLimitMbps }: LinkPlan): Parameters<typeof diffShapers>[1] {
  return egressLimitMbps === undefined ? [] : [{ device, rateBytesPerSecond: bytesPerSecond(egressLimitMbps) }];
}
