import type { Ccn, Gateway, Peer, Vpc } from './existing.ts';

/** The six of docs/spec/scenarios.md, and none of them. */
export const scenarios = ['1', '2', '3', '4', '5', '6', 'scratch'] as const;
export type Scenario = (typeof scenarios)[number];

/** What the gateway joins the sites to. */
export type NetworkKind = 'vpc' | 'ccn' | 'none';
/** What decides which packets a tunnel takes. */
export type RoutingKind = 'routes' | 'policies';
export const protections = ['strong', 'usual', 'ikev1'] as const;
export type Protection = (typeof protections)[number];

/** What the forms ask. Every part has a number that no other part has. */
export interface Answers {
  readonly scenario: Scenario;
  readonly region: string;
  readonly network: NetworkKind;
  readonly routing: RoutingKind;
  readonly vpcs: readonly VpcAnswer[];
  readonly ccn: CcnAnswer;
  /** Null: there is none. */
  readonly line: LineAnswer | null;
  readonly gateway: GatewayAnswer;
  readonly sites: readonly SiteAnswer[];
}

export interface VpcAnswer {
  readonly id: number;
  /** Null: a new one. So with the others. */
  readonly existing: Vpc | null;
  readonly name: string;
  readonly range: string;
  readonly subnets: readonly SubnetAnswer[];
}

export interface SubnetAnswer {
  readonly id: number;
  readonly name: string;
  readonly range: string;
  /** Of the host, that shall be in it; empty: none. */
  readonly interfaceName: string;
  readonly vlan: string;
}

export interface CcnAnswer {
  readonly existing: Ccn | null;
  readonly name: string;
}

export interface GatewayAnswer {
  readonly existing: Gateway | null;
  readonly name: string;
  readonly bandwidth: string;
}

/** A data centre on a dedicated line. */
export interface LineAnswer {
  readonly name: string;
  readonly networks: string;
  /** Empty: whoever has the host attaches it later. */
  readonly interfaceName: string;
  readonly vlan: string;
  readonly localAddress: string;
  readonly peerAddress: string;
}

export interface SiteAnswer {
  readonly id: number;
  readonly name: string;
  /** Ranges, one in a line. */
  readonly networks: string;
  readonly protection: Protection;
  /** The first one is used; a second one stands by. */
  readonly devices: readonly DeviceAnswer[];
}

export interface DeviceAnswer {
  readonly id: number;
  readonly existing: Peer | null;
  readonly address: string;
  /** Empty: one is generated. */
  readonly key: string;
}

let lastId = 0;

export function newVpc(count: number): VpcAnswer {
  return {
    ...{ id: ++lastId, existing: null, name: `vpc-${count}`, range: `10.${count - 1}.0.0/16` },
    subnets: [newSubnet(`10.${count - 1}.1.0/24`, 1)],
  };
}

export function newSubnet(range: string, count: number): SubnetAnswer {
  return { id: ++lastId, name: `subnet-${count}`, range, interfaceName: '', vlan: '' };
}

export function newDevice(): DeviceAnswer {
  return { id: ++lastId, existing: null, address: '', key: '' };
}

export function newSite(count: number, isDoubled: boolean): SiteAnswer {
  const devices = [newDevice(), ...(isDoubled ? [newDevice()] : [])];
  return { id: ++lastId, name: `IDC ${count}`, networks: '', protection: 'strong', devices };
}

export const emptyLine: LineAnswer = {
  ...{ name: 'direct-connect', networks: '', interfaceName: '', vlan: '', localAddress: '', peerAddress: '' },
};

/** What a form of this scenario begins with. */
export function answersFor(scenario: Scenario, region: string): Answers {
  const siteCount = hasManySites(scenario) && scenario !== 'scratch' ? 2 : 1;
  return {
    ...{ scenario, region, network: networkOf(scenario), routing: scenario === '6' ? 'policies' : 'routes' },
    vpcs: scenario === '4' ? [newVpc(1), newVpc(2)] : [newVpc(1)],
    ccn: { existing: null, name: 'ccn-1' },
    line: null,
    gateway: { existing: null, name: 'gateway-1', bandwidth: '100' },
    sites: Array.from({ length: siteCount }, (_, index) => newSite(index + 1, scenario === '5')),
  };
}

function networkOf(scenario: Scenario): NetworkKind {
  if (scenario === '3') return 'none';
  return scenario === '4' ? 'ccn' : 'vpc';
}

export function hasManySites(scenario: Scenario): boolean {
  return scenario !== '1' && scenario !== '5';
}

/** Whether the administrator says by which of the two packets find their tunnel. */
export function choosesRouting({ scenario, network }: Answers): boolean {
  return scenario === '1' || (scenario === 'scratch' && network === 'vpc');
}

/** Policies speak for a VPC's ranges: without a VPC there are none. */
export function routingOf({ network, routing }: Answers): RoutingKind {
  return network === 'vpc' ? routing : 'routes';
}

export function vpcsOf({ network, vpcs }: Answers): readonly VpcAnswer[] {
  if (network === 'none') return [];
  return network === 'vpc' ? vpcs.slice(0, 1) : vpcs;
}

export function rangesOf({ existing, range }: VpcAnswer): readonly string[] {
  return existing?.ranges ?? [range.trim()];
}

/** A text of ranges, by lines, blanks or commas. */
export function networksIn(text: string): readonly string[] {
  return text.split(/[\s,;，；、]+/).filter(Boolean);
}

/** The list with another item in the place of the one with its number. */
export function changed<Item extends { readonly id: number }>(
  list: readonly Item[],
  id: number,
  change: Partial<Item>,
): readonly Item[] {
  return list.map((item) => (item.id === id ? { ...item, ...change } : item));
}
