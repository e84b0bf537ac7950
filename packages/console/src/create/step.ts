import type { Parameters, Reply } from '../calls/call.ts';
import type { WordKey } from '../words/words.ts';

/** What another step makes, in the place of its id: it is not there before. */
export interface MadeBy {
  readonly madeBy: string;
}

/** Parameters in which any text may still have to be made. */
export type Unfilled<T> = T extends string
  ? T | MadeBy
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Unfilled<Item>[]
      : { readonly [Key in keyof T]: Unfilled<T[Key]> };

/** What each Action makes, by its reply: an id, or the empty text where there is none to know; null: it is not there yet. */
const outcomes = {
  CreateVpc: ({ Vpc }: Reply<'CreateVpc'>) => Vpc.VpcId,
  CreateSubnet: ({ Subnet }: Reply<'CreateSubnet'>) => Subnet.SubnetId,
  AttachSubnetInterface: () => '',
  DescribeRouteTables: ({ RouteTableSet }: Reply<'DescribeRouteTables'>) => RouteTableSet[0]?.RouteTableId ?? null,
  CreateVpnGateway: ({ VpnGateway }: Reply<'CreateVpnGateway'>) => VpnGateway.VpnGatewayId,
  DescribeVpnGateways: ({ VpnGatewaySet }: Reply<'DescribeVpnGateways'>) =>
    VpnGatewaySet[0]?.State === 'AVAILABLE' ? '' : null,
  CreateCcn: ({ Ccn }: Reply<'CreateCcn'>) => Ccn.CcnId,
  AttachCcnInstances: () => '',
  DescribeCcnAttachedInstances: ({ InstanceSet }: Reply<'DescribeCcnAttachedInstances'>) =>
    InstanceSet[0]?.State === 'ACTIVE' ? '' : null,
  CreateDirectConnectGateway: ({ DirectConnectGateway }: Reply<'CreateDirectConnectGateway'>) =>
    DirectConnectGateway.DirectConnectGatewayId,
  CreateDirectConnectGatewayCcnRoutes: () => '',
  AttachDirectConnectInterface: () => '',
  CreateCustomerGateway: ({ CustomerGateway }: Reply<'CreateCustomerGateway'>) => CustomerGateway.CustomerGatewayId,
  CreateVpnConnection: ({ VpnConnection }: Reply<'CreateVpnConnection'>) => VpnConnection.VpnConnectionId,
  CreateVpnGatewayRoutes: () => '',
  CreateRoutes: () => '',
} as const;

export type StepAction = keyof typeof outcomes;

export interface StepOf<Name extends StepAction> {
  /** What is made: no other step has it. */
  readonly key: string;
  /** The part of the form that it comes from. */
  readonly part: string;
  readonly action: Name;
  readonly parameters: Unfilled<Parameters<Name>>;
  readonly label: Label;
}

/** A word and what belongs into it. */
export interface Label {
  readonly word: WordKey;
  readonly values: Readonly<Record<string, string>>;
}

/** One call on the way to what is wanted. One that looks is repeated until it finds what it looks for. */
export type Step = { readonly [Name in StepAction]: StepOf<Name> }[StepAction];

/** @param reply of the same Action. */
export function outcomeOf(action: StepAction, reply: unknown): string | null {
  return (outcomes[action] as (reply: unknown) => string | null)(reply);
}

export function isLook({ action }: Step): boolean {
  return action.startsWith('Describe');
}

export type StepParameters = Readonly<Record<string, unknown>>;

/** The Action's parameters, once all that they need is made. */
export function fill({ parameters }: Step, made: (key: string) => string): StepParameters {
  return filled(parameters, made) as StepParameters;
}

function filled(value: unknown, made: (key: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isMadeBy(value)) return made(value.madeBy);
  if (Array.isArray(value)) return value.map((item) => filled(item, made));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item, made)]));
}

/** Keys of all that has to be made before. */
export function needsOf({ parameters }: Step): readonly string[] {
  const needs: string[] = [];
  filled(parameters, (key) => {
    needs.push(key);
    return '';
  });
  return needs;
}

function isMadeBy(value: object): value is MadeBy {
  return 'madeBy' in value;
}
