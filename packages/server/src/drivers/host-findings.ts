import { access, constants } from 'node:fs/promises';
import type { Condition } from '../domain/operator/condition.ts';
import { uplinkDevice, type Uplink } from '../domain/operator/uplink.ts';
import { binaries } from './installed-binaries.ts';
import { inNetns, readIp, realNetns, type Kernel } from './kernel.ts';
import { readSysctls } from './sysctl.ts';
import { neighbourThresholds } from '../plan/neighbour-thresholds.ts';
import { gatewayDevicePrefix, sysctlName } from '../plan/names.ts';

/** What is used, so that its absence matters. */
export interface HostNeeds {
  readonly uplink: Uplink | null;
  readonly vlans: boolean;
  readonly healthChecks: boolean;
}

type Trouble = string | null;

/** For people: how many entries the kernel's neighbour table takes, or why that cannot be said. */
export async function describeNeighbourTable(kernel: Kernel): Promise<string> {
  const [, name = ''] = Object.keys(neighbourThresholds);
  const most = (await readSysctls(kernel, null, [name])).get(name);
  return most == null ? "its bounds are seen in the machine's first network namespace only" : `${most.trim()} entries`;
}

/** What on this host keeps packets from passing, by name; one question's failure does not hide the others' answers. */
export async function readHostFindings(kernel: Kernel, needs: HostNeeds): Promise<Condition[]> {
  const { uplink } = needs;
  const questions: readonly (readonly [string, () => Promise<Trouble>])[] = [
    ...(uplink === null ? [] : ([['uplink', () => findUplinkTrouble(kernel, uplink)]] as const)),
    ['forward policy', () => findForwardTrouble(kernel, uplink)],
    ['reverse path filter', () => findReversePathTrouble(kernel, uplink)],
    ['neighbour table', () => findNeighbourTrouble(kernel)],
    ...(needs.vlans ? ([['VLANs', () => findVlanTrouble(kernel)]] as const) : []),
    ...(needs.healthChecks ? ([['health checks', findProbeTrouble]] as const) : []),
  ];
  return Promise.all(
    questions.map(async ([name, ask]) => {
      const trouble = await ask().catch((error: unknown) => `it cannot be looked at: ${(error as Error).message}`);
      return { name, ok: trouble === null, message: trouble ?? '' };
    }),
  );
}

interface IpLink {
  readonly ifname?: string;
  readonly flags?: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info?: readonly { readonly local: string }[];
}

async function findUplinkTrouble(kernel: Kernel, uplink: Uplink): Promise<Trouble> {
  const [links = []] = await readIp(kernel, null, ['address show']);
  return judgeUplink(uplink, links as readonly IpLink[]);
}

/** Pure; for people, who read it at each tunnel. */
export function judgeUplink(uplink: Uplink, links: readonly IpLink[]): Trouble {
  const device = uplinkDevice(uplink);
  const isBridge = uplink.mode === 'bridged' && uplink.attach.kind === 'bridge-port';
  const name = `The uplink's ${isBridge ? 'bridge' : 'interface'} ${device}`;
  const link = links.find(({ ifname }) => ifname === device);
  if (link === undefined)
    return `${name} does not exist on this host: make it, or name another one as "uplink" in the configuration.`;
  if (isBridge && link.linkinfo?.info_kind !== 'bridge')
    return `${name} is no bridge: "uplink" has to name it as "interface".`;
  if (link.flags?.includes('UP') !== true) return `${name} is down: ip link set ${device} up.`;
  if (link.flags.includes('NO-CARRIER')) return `${name} has no carrier: its cable, or every port of it, is down.`;
  if (
    uplink.mode === 'nat' &&
    !links.some(({ addr_info = [] }) => addr_info.some(({ local }) => local === uplink.address))
  )
    return `The host does not have ${uplink.address}, which "uplink" in the configuration names as its address.`;
  return null;
}

interface NftChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: string;
}

async function findForwardTrouble(kernel: Kernel, uplink: Uplink | null): Promise<Trouble> {
  if (uplink === null || uplink.mode === 'bridged') return null;
  const list = (family: string, table: string) =>
    kernel.commands.run(inNetns(kernel, null, ['nft', 'list', 'table', family, table]));
  const answer = JSON.parse(await kernel.netnsd.listNft(realNetns(kernel, null), 'list chains')) as {
    nftables: readonly { chain?: NftChain }[];
  };
  const closed = answer.nftables.flatMap(({ chain }) =>
    chain?.hook === 'forward' && chain.policy === 'drop' && ['ip', 'inet'].includes(chain.family) ? [chain] : [],
  );
  for (const { family, table, name } of closed) {
    if ((await list(family, table)).includes(gatewayDevicePrefix)) continue;
    return (
      `The host's own packet filter drops what the host forwards (chain ${name} of table ${family} ${table}, as docker sets it), ` +
      `so that gateways and peers do not hear each other: iptables -I FORWARD -i ${gatewayDevicePrefix}+ -j ACCEPT; iptables -I FORWARD -o ${gatewayDevicePrefix}+ -j ACCEPT`
    );
  }
  return null;
}

async function findReversePathTrouble(kernel: Kernel, uplink: Uplink | null): Promise<Trouble> {
  if (uplink === null || uplink.mode === 'bridged') return null;
  const device = uplink.interface;
  const names = ['all', sysctlName(device)].map((which) => `net.ipv4.conf.${which}.rp_filter`);
  const values = await readSysctls(kernel, null, names);
  const strictest = Math.max(...names.map((name) => Number(values.get(name) ?? 0)));
  // The kernel takes the larger of the two: 2 is loose.
  if (strictest !== 1) return null;
  const [routes = []] = await readIp(kernel, null, ['route show default']);
  const devices = (routes as readonly { dev?: string; nexthops?: readonly { dev?: string }[] }[]).flatMap(
    ({ dev, nexthops = [] }) => [dev, ...nexthops.map((hop) => hop.dev)],
  );
  if (devices.length === 0 || devices.includes(device)) return null;
  return (
    `The host drops what comes in by ${device} from peers, since its route to them is not by ${device} (rp_filter is 1): ` +
    `sysctl net.ipv4.conf.${sysctlName(device)}.rp_filter=2`
  );
}

/** Only the machine's first namespace shows the bounds, and can set them. */
async function findNeighbourTrouble(kernel: Kernel): Promise<Trouble> {
  const values = await readSysctls(kernel, null, Object.keys(neighbourThresholds));
  const low = Object.entries(neighbourThresholds).filter(([name, least]) => Number(values.get(name) ?? least) < least);
  if (low.length === 0) return null;
  const wanted = low.map(([name, least]) => `${name}=${least}`).join(' ');
  return `The kernel's neighbour table, which all namespaces share, is small: whoever makes it full ends everybody's ARP. sysctl ${wanted}`;
}

async function findVlanTrouble(kernel: Kernel): Promise<Trouble> {
  const script = 'ip link add a type veth peer name b && ip link add link a name c type vlan id 1';
  return kernel.commands.run(['unshare', '--net', 'sh', '-c', script]).then(
    () => null,
    () =>
      'The kernel has no VLANs (CONFIG_VLAN_8021Q; try modprobe 8021q): interfaces with a VlanId cannot be attached.',
  );
}

async function findProbeTrouble(): Promise<Trouble> {
  return access(binaries.uxprobe, constants.X_OK).then(
    () => null,
    () => 'uxprobe is not built, so that no health check is made: make setup',
  );
}
