import type { NetnsPlan } from '../plan/plan.ts';
import { diffAddresses } from './address.ts';
import { diffCables } from './cable.ts';
import { realNetns, runIp, runTc, type IpCommand, type Kernel } from './kernel.ts';
import { readHostPort, wordsOf } from './host-port.ts';
import { diffLinks, parseLinks, type ActualLink, type HostPortWords, type LinkDiffOptions } from './link.ts';
import { diffNeighbours, parseNeighbours, type ActualNeighbour } from './neighbour.ts';
import { diffProxies, parseProxies, type ActualProxy } from './neighbour-proxy.ts';
import { diffLimits, readLimits, type ActualLimits } from './limit-classes.ts';
import {
  applyFilter,
  diffTables,
  parseTables,
  tableListing,
  type ActualTables,
  type FilterChange,
  type WantedTables,
} from './nft.ts';
import { diffRedirects, readRedirects, type ActualRedirect } from './redirect.ts';
import { diffRoutes, parseRoutes, type ActualRoute } from './route.ts';
import { diffRules, parseRules, type ActualRule } from './rule.ts';
import { diffShapers, parseShapers, type ActualShaper } from './shaper.ts';
import { applySysctls, diffSysctls, sysctlPath, type SysctlChanges } from './sysctl.ts';

/** Everything a plan speaks about, as the kernel has it; charon apart. */
export interface NetnsState {
  readonly sysctls: ReadonlyMap<string, string | null>;
  readonly tables: ActualTables;
  readonly links: readonly ActualLink[];
  readonly rules: readonly ActualRule[];
  readonly routes: readonly ActualRoute[];
  readonly proxies: readonly ActualProxy[];
  readonly neighbours: readonly ActualNeighbour[];
  readonly shapers: readonly ActualShaper[];
  readonly redirects: readonly ActualRedirect[];
  readonly limits: readonly ActualLimits[];
  /** Of host interfaces that the plan takes and that are not there yet. */
  readonly hostPorts: HostPortWords;
}

/** What makes the kernel equal to the plan, in the order of its fields. */
export interface NetnsChanges {
  readonly sysctls: SysctlChanges;
  readonly filter: FilterChange | null;
  readonly ip: readonly IpCommand[];
  readonly tc: readonly string[];
  /** What parts of the plan wait for, in words; another plan or a daemon will make it. */
  readonly pending: readonly string[];
}

type KernelPlan = Omit<NetnsPlan, 'key' | 'charon'>;

const queries = [
  ...['address show', 'rule show', 'route show table all', 'neighbour show proxy', 'neighbour show nud permanent'],
  'qdisc show',
];

export async function readNetns(kernel: Kernel, plan: KernelPlan, signal?: AbortSignal): Promise<NetnsState> {
  const { netns } = plan;
  const names = Object.keys({ ...plan.sysctls, ...plan.sysctlMinima });
  const questions = { queries, paths: names.map(sysctlPath), commands: tableListing };
  const { answers, values, nft } = await kernel.netnsd.look(realNetns(kernel, netns), questions, signal);
  const [devices = [], rules = [], routes = [], proxies = [], neighbours = [], qdiscs = []] = answers;
  const links = parseLinks(devices);
  return {
    sysctls: new Map(names.map((name, index) => [name, values[index] ?? null])),
    tables: parseTables(nft),
    links,
    rules: parseRules(rules),
    routes: parseRoutes(routes),
    proxies: parseProxies(proxies),
    neighbours: parseNeighbours(neighbours),
    shapers: parseShapers(qdiscs),
    redirects: await readRedirects(kernel, netns, qdiscs, signal),
    limits: await readLimits(kernel, netns, qdiscs, signal),
    hostPorts: await readHostPorts(kernel, plan, links, signal),
  };
}

async function readHostPorts(
  kernel: Kernel,
  plan: KernelPlan,
  links: readonly ActualLink[],
  signal?: AbortSignal,
): Promise<HostPortWords> {
  const present = new Set(links.map(({ name }) => name));
  const taken = plan.links.flatMap((link) =>
    link.kind === 'attached' && link.vlanId === null && !present.has(link.name) ? [link.hostInterface] : [],
  );
  const words = await Promise.all(
    taken.map(async (name): Promise<[string, string[]]> => {
      const settings = await readHostPort(kernel, name, signal);
      return [name, settings === undefined ? [] : wordsOf(settings)];
    }),
  );
  return new Map(words);
}

/**
 * Pure.
 * @param written the plan whose packet filter was written last, if that is known.
 */
export function diffNetns(
  kernel: Kernel,
  plan: KernelPlan,
  state: NetnsState,
  options: LinkDiffOptions,
  written?: WantedTables,
): NetnsChanges {
  const { netns, cablesFrom = [] } = plan;
  const links = diffLinks(kernel, netns, plan.links, state.links, { ...options, cablesFrom }, state.hostPorts);
  const { present } = links;
  const routes = diffRoutes(netns, plan.routes, state.routes, present);
  const proxies = diffProxies(netns, plan.proxies, state.proxies, present);
  const sysctls = diffSysctls(plan.sysctls, state.sysctls, plan.sysctlMinima);
  return inOrder({
    ...{ sysctls, links, routes, proxies },
    filter: diffTables(plan, state.tables, written),
    cables: diffCables(plan.links, state.links, state.neighbours, present),
    neighbours: diffNeighbours(netns, plan.links, state.neighbours, present),
    addresses: diffAddresses(netns, plan.links, state.links, present),
    rules: diffRules(netns, plan.rules, state.rules),
    tc: diffTrafficControl(plan, state, present),
    pending: describePending([...links.missing, ...routes.missing, ...proxies.missing], sysctls.missing),
  });
}

interface IpChanges {
  readonly additions: readonly IpCommand[];
  readonly removals: readonly IpCommand[];
}

/** What differs, by kind. */
export interface ChangedKinds extends Omit<NetnsChanges, 'ip'> {
  readonly links: IpChanges;
  readonly cables: readonly IpCommand[];
  readonly neighbours: IpChanges;
  readonly addresses: IpChanges;
  readonly rules: IpChanges;
  readonly routes: IpChanges;
  readonly proxies: IpChanges;
}

/** Additions in the order of dependency, removals after them in the reverse one. */
export function inOrder(kinds: ChangedKinds): NetnsChanges {
  const { links, cables, neighbours, addresses, rules, routes, proxies, sysctls, filter, tc, pending } = kinds;
  return {
    ...{ sysctls, filter, tc, pending },
    ip: [
      ...links.additions,
      ...cables,
      ...[neighbours, addresses, rules, routes, proxies].flatMap(({ additions }) => additions),
      ...[proxies, routes, rules, addresses, neighbours, links].flatMap(({ removals }) => removals),
    ],
  };
}

/** Limits first, then what leads packets to them. In the host's namespace filters are not ours. */
function diffTrafficControl({ netns, links }: KernelPlan, state: NetnsState, present: ReadonlySet<string>): string[] {
  return [
    ...diffShapers(links, state.shapers, present),
    ...diffLimits(links, state.limits, present),
    ...(netns === null ? [] : diffRedirects(links, state.redirects, present)),
  ];
}

export function isUnchanged(changes: NetnsChanges): boolean {
  return (
    changes.sysctls.writes.length === 0 && changes.filter === null && changes.ip.length === 0 && changes.tc.length === 0
  );
}

/**
 * The packet filter goes first and its failure ends the matter: nothing is opened before it is closed; a table that goes away
 * does so after the settings that made it necessary. After that a failure in one part does not keep the others from being tried.
 */
export async function applyNetns(
  kernel: Kernel,
  netns: string | null,
  changes: NetnsChanges,
  signal?: AbortSignal,
): Promise<void> {
  const { filter } = changes;
  if (filter?.opens === false) await applyFilter(kernel, netns, filter, signal);
  await applySysctls(kernel, netns, changes.sysctls, signal);
  if (filter?.opens === true) await applyFilter(kernel, netns, filter, signal);
  const results = [];
  for (const part of [() => runIp(kernel, changes.ip, signal), () => runTc(kernel, netns, changes.tc, signal)]) {
    results.push(...(await Promise.allSettled([part()])));
  }
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (reasons.length > 0) throw new Error(reasons.map((reason) => reason.message).join('; '));
}

export function describePending(devices: readonly string[], sysctls: readonly string[]): string[] {
  return [
    ...[...new Set(devices)].map((device) => `device ${device} is not there yet`),
    ...sysctls.map((name) => `the kernel has no setting ${name} yet`),
  ];
}
