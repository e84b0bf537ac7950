import type { IpAddress } from '@landbridge/net';
import { natInsideAddress, holdsAddress, uplinkDevice, type Uplink } from '../domain/operator/uplink.ts';
import { kindOf, netnsName, sysctlName } from '../plan/names.ts';
import { neighbourThresholds } from '../plan/neighbour-thresholds.ts';
import type { FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { checkPlanForm } from '../plan/plan-schema.ts';
import type { LinkPlan, NetnsPlan, PlanKey } from '../plan/plan.ts';

/** The operator's own words, from a file that is root's. */
export interface PlanCheckOptions {
  readonly uplink: Uplink | null;
  /** What may be attached; null: whatever is neither the uplink's nor ours. */
  readonly hostInterfaces: readonly string[] | null;
}

/**
 * What is done here, whoever says so: a plan reaches its own namespace, its cables, and of the host what the operator has configured, and
 * nothing else. Throws for anything else, and names it.
 */
export class PlanCheck {
  readonly #options: PlanCheckOptions;

  constructor(options: PlanCheckOptions) {
    this.#options = options;
  }

  readonly check = (key: PlanKey, plan: unknown): void => {
    checkPlanForm(plan);
    if (plan.key !== key) refuse(`it is the plan of ${plan.key}`);
    if (plan.netns !== (key === 'host' ? null : netnsName(key)))
      refuse(`${plan.netns ?? "the host's"} is not its namespace`);
    if (key === 'host') this.#checkHost(plan);
    else this.#checkOwn(key, plan);
  };

  #checkOwn(key: Exclude<PlanKey, 'host'>, plan: NetnsPlan): void {
    for (const [name, value] of Object.entries(plan.sysctls)) checkRouterSetting(name, value, plan.links);
    if (plan.sysctlMinima !== undefined) refuse("bounds of the kernel are the host's");
    for (const link of plan.links) this.#checkLink(key, link);
    if (plan.charon !== null && kindOf(key) !== 'vpn-gateway') refuse('only a VPN gateway has IKE');
    for (const { id, localAddress } of plan.charon?.connections ?? []) {
      if (!this.#isOurs(localAddress)) refuse(`${id} speaks from ${localAddress}, which is not the uplink's`);
    }
    for (const { adjacent } of plan.links) checkAdjacent(adjacent);
  }

  /** Where a link of a namespace of ours touches the host. */
  #checkLink(key: PlanKey, link: LinkPlan): void {
    const { uplink } = this.#options;
    checkEnds(key, link);
    switch (link.kind) {
      case 'veth': {
        checkPeer(key, link);
        return;
      }
      case 'macvlan':
        if (uplink?.mode !== 'bridged' || uplink.attach.kind !== 'macvlan' || uplink.attach.interface !== link.parent)
          refuse(`${link.parent} is not the uplink's interface`);
        return;
      case 'bridge-port':
        if (link.port !== key) refuse(`${link.port} is not its port`);
        return;
      case 'attached': {
        this.#checkAttached(link.hostInterface, link.vlanId);
        return;
      }
      case 'veth-peer':
        if (link.master !== undefined) refuse(`${link.name} is no port of a bridge of the host`);
        return;
      default:
        return;
    }
  }

  #checkAttached(name: string, vlanId: number | null): void {
    const { uplink, hostInterfaces } = this.#options;
    const isUplink = uplink !== null && uplinkDevice(uplink) === name && vlanId === null;
    if (name === 'lo' || isUplink || isOwnDevice(name)) refuse(`the host's interface ${name} is not to be attached`);
    if (hostInterfaces !== null && !hostInterfaces.includes(name))
      refuse(`the host's interface ${name} is not in "hostInterfaces" of the configuration`);
  }

  #checkHost(plan: NetnsPlan): void {
    const { uplink } = this.#options;
    for (const [name, value] of Object.entries(plan.sysctls)) this.#checkHostSetting(name, value);
    for (const [name, least] of Object.entries(plan.sysctlMinima ?? {})) {
      if (neighbourThresholds[name] !== least) refuse(`the host's setting ${name} is not ours`);
    }
    const bridge =
      uplink?.mode === 'bridged' && uplink.attach.kind === 'bridge-port' ? uplink.attach.bridge : undefined;
    for (const link of plan.links) {
      if (link.kind !== 'veth-peer' || kindOf(link.name) !== 'vpn-gateway')
        refuse(`the host's ${link.name} is not ours`);
      if (link.master !== bridge) refuse(`${link.name} is not to be a port of ${link.master ?? 'nothing'}`);
      if (link.addresses.some(({ scope }) => scope !== 'link')) refuse(`${link.name} gets no address of the host`);
      checkEnds('host', link);
      checkAdjacent(link.adjacent);
    }
    for (const { table, destination, kind, nextHops } of plan.routes) {
      const [address = '', length] = destination.split('/');
      const isGateways = nextHops.every(({ device, via }) => kindOf(device) === 'vpn-gateway' && via === undefined);
      if (table !== 254 || length !== '32' || kind !== 'unicast' || !isGateways || !this.#isOurs(address))
        refuse(`the host's route to ${destination} is not ours`);
    }
    for (const { device, address } of plan.proxies) {
      if (uplink?.mode !== 'routed' || device !== uplink.interface || !holdsAddress(uplink, address))
        refuse(`${address} is not answered for on ${device}`);
    }
    if (
      plan.rules.length > 0 ||
      plan.charon !== null ||
      plan.neighbourBound !== undefined ||
      plan.watches !== undefined
    )
      refuse('the host has no rules, IKE, or tunnels of ours');
    if (plan.filter !== null) this.#checkHostFilter(plan.filter);
  }

  #checkHostSetting(name: string, value: string): void {
    const { uplink } = this.#options;
    const gateway = /^net\.(?:ipv4\.conf\.([a-z0-9-]+)\.forwarding|ipv6\.conf\.([a-z0-9-]+)\.disable_ipv6)$/.exec(name);
    const device = gateway?.[1] ?? gateway?.[2];
    if (device !== undefined && kindOf(device) === 'vpn-gateway' && value === '1') return;
    const own = uplink === null || uplink.mode === 'bridged' ? '' : sysctlName(uplink.interface);
    if (own !== '' && name === `net.ipv4.conf.${own}.forwarding` && isBit(value)) return;
    if (own !== '' && name === `net.ipv4.neigh.${own}.proxy_delay` && value === '0') return;
    refuse(`the host's setting ${name} is not ours`);
  }

  /** Of the host's own packets nothing is dropped or turned; of what it forwards, only what the uplink's or a gateway's is. */
  #checkHostFilter({ chains, sets }: TablePlan): void {
    const { uplink } = this.#options;
    if (sets.length > 0) refuse("the host's packet filter remembers nothing");
    for (const { name, base, rules } of chains) {
      if (base === undefined && rules.length === 0) continue;
      if (base?.policy !== 'accept') refuse(`the host's chain ${name} has to let pass what no rule of it names`);
      for (const rule of rules)
        if (!isHarmless(rule, base?.hook, uplink)) refuse(`the host's chain ${name} has a rule that is not ours`);
    }
  }

  #isOurs(address: string): boolean {
    const { uplink } = this.#options;
    const isInside = uplink?.mode === 'nat' && address === natInsideAddress;
    return uplink !== null && (isInside || holdsAddress(uplink, address as IpAddress));
  }
}

function refuse(problem: string): never {
  throw new Error(problem);
}

function isBit(value: string): boolean {
  return value === '0' || value === '1';
}

function isOwnDevice(name: string): boolean {
  return ['subnet-', 'vpngw-', 'vpnx-', 'vpc-', 'ccn-', 'dcg-'].some((prefix) => name.startsWith(prefix));
}

/** A namespace of ours is a router: what it says of itself is its own, and a bit or a small number. */
function checkRouterSetting(name: string, value: string, links: readonly LinkPlan[]): void {
  const device = /^net\.ipv4\.conf\.(.+)\.accept_local$/.exec(name)?.[1];
  const isOwn =
    routerSettings.has(name) || (device !== undefined && links.some((link) => sysctlName(link.name) === device));
  if (!isOwn || !/^[0-3]$/.test(value)) refuse(`the setting ${name}=${value} is not ours`);
}

const routerSettings = new Set([
  ...['ip_forward', 'fib_multipath_hash_policy', 'icmp_errors_use_inbound_ifaddr'].map((name) => `net.ipv4.${name}`),
  ...['all', 'default'].flatMap((which) => [
    ...['rp_filter', 'send_redirects', 'accept_redirects', 'arp_ignore'].map(
      (name) => `net.ipv4.conf.${which}.${name}`,
    ),
    ...['forwarding', 'disable_ipv6', 'accept_ra'].map((name) => `net.ipv6.conf.${which}.${name}`),
  ]),
  ...['iptables', 'ip6tables', 'arptables'].map((name) => `net.bridge.bridge-nf-call-${name}`),
]);

/** The other end of a pair is in a namespace of ours, named after this one; in the host's, it is a gateway's own. */
function checkPeer(key: PlanKey, { peer, name }: Extract<LinkPlan, { kind: 'veth' }>): void {
  if (peer.name !== key) refuse(`the other end of ${name} is not named ${key}`);
  if (peer.netns === null && kindOf(key) !== 'vpn-gateway') refuse(`${key} has no cable to the host`);
  if (peer.netns !== null && peer.netns !== netnsName(name)) refuse(`${peer.netns} is not where ${name} leads`);
}

function checkEnds(key: PlanKey, { name, cable }: LinkPlan): void {
  if (cable === undefined) return;
  const own = key === 'host' ? null : netnsName(key);
  if (cable.near.netns !== own || cable.near.name !== name) refuse(`the cable of ${name} is another's`);
  const far = cable.far.netns;
  if (
    far === null
      ? cable.far.name !== key || kindOf(key) !== 'vpn-gateway'
      : cable.far.name !== (key === 'host' ? 'wan' : key)
  )
    refuse(`the cable of ${name} leads to ${cable.far.name}`);
  if (far !== null && far !== netnsName(name)) refuse(`the cable of ${name} leads to ${far}`);
}

function checkAdjacent(adjacent: LinkPlan['adjacent']): void {
  if (adjacent !== undefined && (kindOf(adjacent.key) ?? 'host') !== adjacent.kind)
    refuse(`${adjacent.key} is no ${adjacent.kind}`);
}

/** VXLAN packets with a wrong sender; what goes between uplink and gateways; NAT between the uplink's address and a gateway. */
function isHarmless({ matches, actions }: FilterRule, hook: string | undefined, uplink: Uplink | null): boolean {
  const device = uplink === null ? undefined : uplinkDevice(uplink);
  const names = matches.flatMap((match) =>
    'field' in match && match.not !== true && ['iifname', 'oifname'].includes(match.field)
      ? 'is' in match
        ? [match.is]
        : match.in
      : [],
  );
  const isOfUplink =
    names.some((name) => name === device) && names.every((name) => name === device || kindOf(name) === 'vpn-gateway');
  const isOfGateways = names.length > 0 && names.every((name) => name === device || kindOf(name) === 'vpn-gateway');
  return actions.every((action) => {
    if ('countHere' in action) return true;
    if ('verdict' in action) {
      if (action.verdict === 'accept') return hook === 'forward';
      return hook === 'input' ? matches.some((match) => 'vni' in match) : hook === 'forward' && isOfGateways;
    }
    if ('dnat' in action)
      return hook === 'prerouting' && isOfUplink && action.dnat === natInsideAddress && uplink?.mode === 'nat';
    if ('snat' in action)
      return hook === 'postrouting' && isOfUplink && uplink?.mode === 'nat' && action.snat === uplink.address;
    return false;
  });
}
