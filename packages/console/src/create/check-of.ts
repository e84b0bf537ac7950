import {
  cidrContains,
  cidrPrefixLength,
  cidrsOverlap,
  isCidr,
  isIpAddress,
  normalizeCidr,
  parseCidr,
  parseInterfaceName,
} from '@landbridge/net';
import type { Cidr } from '@landbridge/net';
import type { WordKey } from '../words/words.ts';
import {
  networksIn,
  rangesOf,
  routingOf,
  vpcsOf,
  type Answers,
  type DeviceAnswer,
  type LineAnswer,
  type SiteAnswer,
  type SubnetAnswer,
  type VpcAnswer,
} from './answers.ts';

/** What is wrong with a field, by its name. */
export type Wrongs = ReadonlyMap<string, Wrong>;

export interface Wrong {
  readonly word: WordKey;
  readonly values: Readonly<Record<string, string>>;
}

type Found = readonly (readonly [field: string, wrong: Wrong | null])[];

/** Of the VPCs, the gateway and what is around them. */
export function wrongsOfNetwork(answers: Answers): Wrongs {
  const { network, gateway, ccn, line } = answers;
  const vpcs = vpcsOf(answers);
  return wrongsIn([
    ...vpcs.flatMap((vpc) => wrongsOfVpc(vpc, vpcs)),
    ...(gateway.existing === null ? [['gateway.name', wrongName(gateway.name)] as const] : []),
    ...(network === 'ccn' && ccn.existing === null ? [['ccn.name', wrongName(ccn.name)] as const] : []),
    ...(network === 'ccn' && line !== null ? wrongsOfLine(line) : []),
  ]);
}

/** Of the sites and their devices. */
export function wrongsOfSites(answers: Answers): Wrongs {
  const devices = answers.sites.flatMap((site) => site.devices);
  return wrongsIn([
    ...answers.sites.flatMap((site) => wrongsOfSite(site, answers)),
    ...devices.flatMap((device) => wrongsOfDevice(device, devices)),
  ]);
}

function wrongsIn(found: Found): Wrongs {
  return new Map(found.flatMap(([field, wrong]) => (wrong === null ? [] : [[field, wrong] as const])));
}

type NameOf<Word> = Word extends `create.wrong.${infer Name}` ? Name : never;

function wrong(name: NameOf<WordKey>, values: Readonly<Record<string, string>> = {}): Wrong {
  return { word: `create.wrong.${name}`, values };
}

const mostNameBytes = 60;
/** With what is added to it for its second device. */
const mostSiteNameBytes = 45;

function wrongName(name: string, most = mostNameBytes): Wrong | null {
  const bytes = new TextEncoder().encode(name.trim()).length;
  return bytes >= 1 && bytes <= most ? null : wrong('name', { most: String(most) });
}

function wrongsOfVpc(vpc: VpcAnswer, vpcs: readonly VpcAnswer[]): Found {
  const others = vpcs.filter(({ id }) => id !== vpc.id);
  const { existing } = vpc;
  if (existing !== null) {
    const isTwice = others.some((other) => other.existing?.id === existing.id);
    return [[`vpc.${vpc.id}.existing`, isTwice ? wrong('vpcTwice', { name: existing.name }) : null]];
  }
  return [
    [`vpc.${vpc.id}.name`, wrongName(vpc.name)],
    [`vpc.${vpc.id}.range`, wrongVpcRange(vpc.range.trim(), others)],
    ...vpc.subnets.flatMap((subnet) => wrongsOfSubnet(subnet, vpc)),
  ];
}

/** Where VPCs may have their ranges, with the largest that there is. */
const vpcSpaces = [
  ['10.0.0.0/8', 12],
  ['172.16.0.0/12', 12],
  ['192.168.0.0/16', 16],
] as const;

function wrongVpcRange(range: string, others: readonly VpcAnswer[]): Wrong | null {
  const notRange = wrongRange(range);
  if (notRange !== null) return notRange;
  const cidr = parseCidr(range);
  const length = cidrPrefixLength(cidr);
  const fits = vpcSpaces.some(
    ([space, shortest]) => cidrContains(parseCidr(space), cidr) && length >= shortest && length <= 28,
  );
  if (!fits) return wrong('vpcRange');
  const other = others.find((one) => overlapsAny(cidr, rangesOf(one)));
  return other === undefined ? null : wrong('overlap', { range, other: other.existing?.name ?? other.name });
}

function wrongsOfSubnet(subnet: SubnetAnswer, vpc: VpcAnswer): Found {
  const { id, interfaceName, vlan } = subnet;
  return [
    [`subnet.${id}.name`, wrongName(subnet.name)],
    [`subnet.${id}.range`, wrongSubnetRange(subnet, vpc)],
    [`subnet.${id}.interface`, wrongInterface(interfaceName)],
    [`subnet.${id}.vlan`, wrongVlan(vlan, interfaceName)],
  ];
}

function wrongSubnetRange({ id, range: text }: SubnetAnswer, vpc: VpcAnswer): Wrong | null {
  const range = text.trim();
  const notRange = wrongRange(range);
  if (notRange !== null) return notRange;
  const cidr = parseCidr(range);
  const length = cidrPrefixLength(cidr);
  if (isCidr(vpc.range.trim()) && !cidrContains(parseCidr(vpc.range.trim()), cidr))
    return wrong('subnetOutside', { range: vpc.range });
  if (length < 16 || length > 28) return wrong('subnetSize');
  const other = vpc.subnets.find((one) => one.id !== id && overlapsAny(cidr, [one.range.trim()]));
  return other === undefined ? null : wrong('overlap', { range, other: other.name });
}

function wrongsOfLine(line: LineAnswer): Found {
  const hasInterface = line.interfaceName.trim() !== '';
  const address = (text: string) => (hasInterface && !text.trim().includes('.') ? wrong('lineAddress') : null);
  return [
    ['line.name', wrongName(line.name)],
    ['line.networks', wrongNetworks(networksIn(line.networks))],
    ['line.interface', wrongInterface(line.interfaceName)],
    ['line.vlan', wrongVlan(line.vlan, line.interfaceName)],
    ['line.localAddress', address(line.localAddress)],
    ['line.peerAddress', hasInterface && !isIpv4(line.peerAddress.trim()) ? wrong('address') : null],
  ];
}

function wrongsOfSite(site: SiteAnswer, answers: Answers): Found {
  const others = answers.sites.filter(({ id }) => id !== site.id);
  const isNamedTwice = others.some(({ name }) => name.trim() === site.name.trim());
  return [
    [`site.${site.id}.name`, isNamedTwice ? wrong('siteTwice') : wrongName(site.name, mostSiteNameBytes)],
    [`site.${site.id}.networks`, wrongSiteNetworks(site, others, answers)],
  ];
}

function wrongSiteNetworks(site: SiteAnswer, others: readonly SiteAnswer[], answers: Answers): Wrong | null {
  const networks = networksIn(site.networks);
  const notRanges = wrongNetworks(networks);
  if (notRanges !== null) return notRanges;
  const isRouted = routingOf(answers) === 'routes';
  const vpcRanges = vpcsOf(answers).flatMap(rangesOf).filter(isCidr).map(parseCidr);
  for (const network of networks.map(parseCidr)) {
    // A wider route than the VPC's leads what is not the VPC's; a policy says of each packet whose it is.
    const meets = (vpc: Cidr) => (isRouted ? cidrContains(vpc, network) : cidrsOverlap(vpc, network));
    const vpc = vpcRanges.find(meets);
    if (vpc !== undefined) return wrong('networkInVpc', { network, vpc });
    const other = others.find(({ networks: text }) =>
      networksIn(text)
        .filter(isCidr)
        .map(parseCidr)
        .some((theirs) => (isRouted ? theirs === network : cidrsOverlap(theirs, network))),
    );
    if (other !== undefined) return wrong('overlap', { range: network, other: other.name });
  }
  return null;
}

/** One call takes so many. */
const mostNetworks = 50;

function wrongNetworks(networks: readonly string[]): Wrong | null {
  if (networks.length === 0) return wrong('networksMissing');
  if (networks.length > mostNetworks) return wrong('networksMany', { most: String(mostNetworks) });
  const notRange = networks.map(wrongRange).find((found) => found !== null);
  if (notRange !== undefined) return notRange;
  const twice = networks.find((network, index) => networks.indexOf(network) !== index);
  return twice === undefined ? null : wrong('networkTwice', { network: twice });
}

function wrongsOfDevice(device: DeviceAnswer, devices: readonly DeviceAnswer[]): Found {
  const others = devices.filter(({ id }) => id !== device.id);
  return [
    [`device.${device.id}.address`, wrongAddress(device, others)],
    [`device.${device.id}.key`, wrongKey(device.key)],
  ];
}

function wrongAddress(device: DeviceAnswer, others: readonly DeviceAnswer[]): Wrong | null {
  const address = addressOf(device);
  if (!isIpv4(address)) return wrong('address');
  return others.some((other) => addressOf(other) === address) ? wrong('addressTwice', { address }) : null;
}

function addressOf({ existing, address }: DeviceAnswer): string {
  return existing?.address ?? address.trim();
}

const mostKeyBytes = 1024;

/** Empty: one is generated. */
function wrongKey(key: string): Wrong | null {
  if (/[\r\n\0]/.test(key) || new TextEncoder().encode(key).length > mostKeyBytes) return wrong('key');
  return /^\*+$/.test(key) ? wrong('keyMasked') : null;
}

function wrongInterface(name: string): Wrong | null {
  if (name.trim() === '') return null;
  try {
    parseInterfaceName(name.trim());
    return null;
  } catch {
    return wrong('interface');
  }
}

function wrongVlan(vlan: string, interfaceName: string): Wrong | null {
  if (vlan.trim() === '' || interfaceName.trim() === '') return null;
  const number = Number(vlan);
  return Number.isInteger(number) && number >= 1 && number <= 4094 ? null : wrong('vlan');
}

function isIpv4(text: string): boolean {
  return isIpAddress(text) && !text.includes(':');
}

function wrongRange(text: string): Wrong | null {
  if (isCidr(text) && !text.includes(':')) return null;
  try {
    const hint = normalizeCidr(text);
    if (!text.includes(':') && text.includes('/')) return wrong('hostBits', { text, hint });
  } catch {
    // It is no range with other bits either.
  }
  return wrong('range', { text });
}

function overlapsAny(cidr: Cidr, ranges: readonly string[]): boolean {
  return ranges.filter(isCidr).some((range) => cidrsOverlap(cidr, parseCidr(range)));
}
