import { parseIpAddress, type IpAddress } from '@landbridge/net';
import type { PlanKey, PlanKind } from './plan.ts';

/**
 * Names of what plans speak about, for both sides: the planner chooses them here, and the acting side knows by them what is ours
 * without a plan at hand. A device between two namespaces bears the key of the plan at its other end.
 */
const prefixes = { vpc: 'vpc', 'vpn-gateway': 'vpngw', ccn: 'ccn', 'direct-connect-gateway': 'dcg' } as const;
const keyPattern = /^([a-z]+)-[0-9a-z]{8}$/;
const netnsPrefix = 'lb-';

/** Of a plan with a namespace of its own, by its key or the name of a device that leads there; undefined for any other name. */
export function kindOf(name: string): Exclude<PlanKind, 'host'> | undefined {
  const [, prefix] = keyPattern.exec(name) ?? [];
  return (Object.keys(prefixes) as Exclude<PlanKind, 'host'>[]).find((kind) => prefixes[kind] === prefix);
}

/** The key that this name is, such as that of a folder; undefined for any other name. */
export function asPlanKey(name: string): Exclude<PlanKey, 'host'> | undefined {
  return kindOf(name) === undefined ? undefined : (name as Exclude<PlanKey, 'host'>);
}

/** `vpc-8h2k1m3q` → `lb-vpc-8h2k1m3q`. */
export function netnsName(key: string): string {
  return `${netnsPrefix}${key}`;
}

/** `lb-vpc-8h2k1m3q` → `vpc-8h2k1m3q`; undefined for a namespace that is not one of ours. */
export function keyOfNetns(netns: string): Exclude<PlanKey, 'host'> | undefined {
  return netns.startsWith(netnsPrefix) ? asPlanKey(netns.slice(netnsPrefix.length)) : undefined;
}

/** The uplink device in a VPN gateway's namespace. */
export const wan = 'wan';
/** The line's device in a Direct Connect gateway's namespace. */
export const line = 'dc';
/** The IFB of a CCN with limits. */
export const limits = 'limits';
/** nft and iptables: every subnet's bridge, and every VPN gateway's device in the host's namespace. */
export const anySubnet = 'subnet-*';
export const gatewayDevicePrefix = `${prefixes['vpn-gateway']}-`;

const maxInterfaceName = 15;

/** Name that an attached interface bears inside the VPC's namespace: `<interface>`, or `<interface>.<vlanId>` cut in front. */
export function attachedDeviceName(hostInterface: string, vlanId: number | null): string {
  return vlanId === null ? hostInterface : `${hostInterface}.${vlanId}`.slice(-maxInterfaceName);
}

/** sysctl(8) swaps dots and slashes: the dot in `eth0.100` is written as a slash. */
export function sysctlName(device: string): string {
  return device.replaceAll('.', '/');
}

/** Chains of the host's packet filter by which the kernel remembers whose setting it is that the uplink forwards. */
export const forwardingChains = { ours: 'forward', operator: 'operator_forwards' } as const;

/** What the ends of our cables are called at the other end. A CCN stands between networks and gateways. */
export const networkSideAddress: IpAddress = parseIpAddress('169.254.0.1');
export const gatewaySideAddress: IpAddress = parseIpAddress('169.254.0.2');
export const ccnAddress: IpAddress = parseIpAddress('169.254.0.3');

/** A set of a gateway's packet filter: device, source and destination of what no mapping of the SPD tunnel names. */
export const unmappedSet = 'unmapped';

const proofPort = /^proof-[0-9a-z]{8}$/;

/** The port of a subnet's bridge at which a host of ours proves a path (path-proofs/). @param number below 36 ** 8 */
export function proofPortName(number: number): string {
  return `proof-${number.toString(36).padStart(8, '0')}`;
}

export function isProofPortName(name: string): boolean {
  return proofPort.test(name);
}
