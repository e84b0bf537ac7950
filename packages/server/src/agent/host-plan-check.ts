import { holdsAddress, natInsideAddress, uplinkDevice, type Uplink } from '../domain/operator/uplink.ts';
import { kindOf, sysctlName } from '../plan/names.ts';
import { neighbourThresholds } from '../plan/neighbour-thresholds.ts';
import type { BaseChainPlan, FilterAction, FilterMatch, FilterRule, TablePlan } from '../plan/packet-filter.ts';
import type { LinkPlan, NetnsPlan, ProxyPlan, RoutePlan } from '../plan/plan.ts';
import { checkAdjacent, checkCable, isOfUplink, refuse } from './plan-check-words.ts';

/** What a plan may do to the host's own namespace: what gateways need of the uplink, and nothing that is anybody else's. */
export function checkHostPlan(plan: NetnsPlan, uplink: Uplink | null): void {
  for (const [name, value] of Object.entries(plan.sysctls)) checkSetting(name, value, uplink);
  for (const [name, least] of Object.entries(plan.sysctlMinima ?? {})) {
    if (neighbourThresholds[name] !== least) refuse(`the host's setting ${name} is not ours`);
  }
  for (const link of plan.links) checkLink(link, uplink);
  for (const route of plan.routes) checkRoute(route, uplink);
  for (const proxy of plan.proxies) checkProxy(proxy, uplink);
  const { rules, charon, neighbourBound, watches } = plan;
  if (rules.length > 0 || charon !== null || neighbourBound !== undefined || watches !== undefined)
    refuse('the host has no rules, IKE, or tunnels of ours');
  if (plan.filter !== null) checkFilter(plan.filter, uplink);
}

function isGateway(device: string): boolean {
  return kindOf(device) === 'vpn-gateway';
}

function checkSetting(name: string, value: string, uplink: Uplink | null): void {
  const ofGateway = /^net\.(?:ipv4\.conf\.([a-z0-9-]+)\.forwarding|ipv6\.conf\.([a-z0-9-]+)\.disable_ipv6)$/.exec(name);
  const device = ofGateway?.[1] ?? ofGateway?.[2];
  if (device !== undefined && isGateway(device) && value === '1') return;
  const own = uplink === null || uplink.mode === 'bridged' ? null : sysctlName(uplink.interface);
  const values = { [`net.ipv4.conf.${own}.forwarding`]: ['0', '1'], [`net.ipv4.neigh.${own}.proxy_delay`]: ['0'] };
  if (own !== null && values[name]?.includes(value) === true) return;
  refuse(`the host's setting ${name} is not ours`);
}

function checkLink(link: LinkPlan, uplink: Uplink | null): void {
  const bridge = uplink?.mode === 'bridged' && uplink.attach.kind === 'bridge-port' ? uplink.attach.bridge : undefined;
  if (link.kind !== 'veth-peer' || !isGateway(link.name)) refuse(`the host's ${link.name} is not ours`);
  if (link.master !== bridge) refuse(`${link.name} is not to be a port of ${link.master ?? 'nothing'}`);
  if (link.addresses.some(({ scope }) => scope !== 'link')) refuse(`${link.name} gets no address of the host`);
  checkCable('host', link);
  checkAdjacent(link);
}

/** To the public address of a gateway, by its cable. */
function checkRoute({ table, destination, kind, nextHops }: RoutePlan, uplink: Uplink | null): void {
  const [address = '', length] = destination.split('/');
  const leadsToGateway = nextHops.every(({ device, via }) => isGateway(device) && via === undefined);
  const isOfMain = table === 254 && kind === 'unicast' && length === '32';
  if (!isOfMain || !leadsToGateway || !isOfUplink(address, uplink))
    refuse(`the host's route to ${destination} is not ours`);
}

function checkProxy({ device, address }: ProxyPlan, uplink: Uplink | null): void {
  if (uplink?.mode !== 'routed' || device !== uplink.interface || !holdsAddress(uplink, address))
    refuse(`${address} is not answered for on ${device}`);
}

/** Of the host's own packets nothing is dropped or turned; of what it forwards, only what is the uplink's or a gateway's. */
function checkFilter({ chains, sets }: TablePlan, uplink: Uplink | null): void {
  if (sets.length > 0) refuse("the host's packet filter remembers nothing");
  for (const { name, base, rules } of chains) {
    if (base === undefined && rules.length === 0) continue;
    if (base?.policy !== 'accept') refuse(`the host's chain ${name} has to let pass what no rule of it names`);
    for (const rule of rules) {
      if (!rule.actions.every((action) => isHarmless(action, rule, base, uplink)))
        refuse(`the host's chain ${name} has a rule that is not ours`);
    }
  }
}

/** VXLAN packets with a wrong sender; what goes between uplink and gateways; NAT between the uplink's address and a gateway. */
function isHarmless(
  action: FilterAction,
  { matches }: FilterRule,
  { hook }: BaseChainPlan,
  uplink: Uplink | null,
): boolean {
  if ('countHere' in action) return true;
  if ('verdict' in action) {
    if (hook === 'forward') return action.verdict === 'accept' || isOfOurDevices(matches, uplink);
    return hook === 'input' && action.verdict === 'drop' && matches.some((match) => 'vni' in match);
  }
  if (uplink?.mode !== 'nat' || !devicesOf(matches).includes(uplinkDevice(uplink))) return false;
  if ('dnat' in action) return hook === 'prerouting' && action.dnat === natInsideAddress;
  return 'snat' in action && hook === 'postrouting' && action.snat === uplink.address;
}

/** At least one device is named, and none that is somebody else's. */
function isOfOurDevices(matches: readonly FilterMatch[], uplink: Uplink | null): boolean {
  const devices = devicesOf(matches);
  const own = uplink === null ? null : uplinkDevice(uplink);
  return devices.length > 0 && devices.every((device) => device === own || isGateway(device));
}

/** Devices that a packet has to be of. */
function devicesOf(matches: readonly FilterMatch[]): readonly string[] {
  return matches.flatMap((match) => {
    if (!('field' in match) || match.not === true || (match.field !== 'iifname' && match.field !== 'oifname'))
      return [];
    return 'is' in match ? [match.is] : match.in;
  });
}
