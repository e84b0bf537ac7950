import { uplinkDevice, type Uplink } from '../domain/operator/uplink.ts';
import { kindOf, netnsName, sysctlName } from '../plan/names.ts';
import { checkPlanForm } from '../plan/plan-schema.ts';
import type { LinkPlan, NetnsPlan, PlanKey } from '../plan/plan.ts';
import { checkHostPlan } from './host-plan-check.ts';
import { checkAdjacent, checkCable, isOfUplink, refuse } from './plan-check-words.ts';

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
    const wanted = key === 'host' ? null : netnsName(key);
    if (plan.netns !== wanted) refuse(`${plan.netns ?? "the host's"} is not its namespace`);
    if (key === 'host') checkHostPlan(plan, this.#options.uplink);
    else checkOwnPlan(key, plan, this.#options);
  };
}

function checkOwnPlan(key: Exclude<PlanKey, 'host'>, plan: NetnsPlan, options: PlanCheckOptions): void {
  const devices = new Set(plan.links.map(({ name }) => sysctlName(name)));
  for (const [name, value] of Object.entries(plan.sysctls)) checkSetting(name, value, devices);
  if (plan.sysctlMinima !== undefined) refuse("bounds of the kernel are the host's");
  for (const link of plan.links) {
    checkCable(key, link);
    checkAdjacent(link);
    checkHostSide(key, link, options);
  }
  if (plan.charon !== null && kindOf(key) !== 'vpn-gateway') refuse('only a VPN gateway has IKE');
  for (const { id, localAddress } of plan.charon?.connections ?? []) {
    if (!isOfUplink(localAddress, options.uplink))
      refuse(`${id} speaks from ${localAddress}, which is not the uplink's`);
  }
}

/** Where a link of a namespace of ours touches the host, or another namespace. */
function checkHostSide(key: PlanKey, link: LinkPlan, { uplink, hostInterfaces }: PlanCheckOptions): void {
  if (link.kind === 'veth') checkPeer(key, link);
  if (link.kind === 'attached') checkAttached(link, uplink, hostInterfaces);
  if (link.kind === 'bridge-port' && link.port !== key) refuse(`${link.port} is not its port`);
  if (link.kind === 'veth-peer' && link.master !== undefined) refuse(`${link.name} is no port of a bridge of the host`);
  if (link.kind === 'macvlan') {
    const own = uplink?.mode === 'bridged' && uplink.attach.kind === 'macvlan' ? uplink.attach.interface : null;
    if (link.parent !== own) refuse(`${link.parent} is not the uplink's interface`);
  }
}

/** The other end of a pair is in a namespace of ours, named after this one; in the host's, it is a gateway's own. */
function checkPeer(key: PlanKey, { peer, name }: Extract<LinkPlan, { kind: 'veth' }>): void {
  if (peer.name !== key) refuse(`the other end of ${name} is not named ${key}`);
  if (peer.netns === null && kindOf(key) !== 'vpn-gateway') refuse(`${key} has no cable to the host`);
  if (peer.netns !== null && peer.netns !== netnsName(name)) refuse(`${peer.netns} is not where ${name} leads`);
}

const ownPrefixes = ['subnet-', 'vpngw-', 'vpnx-', 'vpc-', 'ccn-', 'dcg-'];

function checkAttached(
  { hostInterface, vlanId }: Extract<LinkPlan, { kind: 'attached' }>,
  uplink: Uplink | null,
  hostInterfaces: readonly string[] | null,
): void {
  const isUplink = uplink !== null && uplinkDevice(uplink) === hostInterface && vlanId === null;
  if (hostInterface === 'lo' || isUplink || ownPrefixes.some((prefix) => hostInterface.startsWith(prefix)))
    refuse(`the host's interface ${hostInterface} is not to be attached`);
  if (hostInterfaces?.includes(hostInterface) === false)
    refuse(`the host's interface ${hostInterface} is not in "hostInterfaces" of the configuration`);
}

/** A namespace of ours is a router: what it says of itself is its own, and a bit or a small number. */
function checkSetting(name: string, value: string, devices: ReadonlySet<string>): void {
  const device = /^net\.ipv4\.conf\.(.+)\.accept_local$/.exec(name)?.[1];
  const isOwn = routerSettings.has(name) || (device !== undefined && devices.has(device));
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
