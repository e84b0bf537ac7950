import { Type, type Static } from 'typebox';
import type { CcnRoutePolicy, InstanceCondition, RouteCondition } from '../../../domain/ccn/ccn-route-policy.ts';
import { reject } from '../../protocol/api-error.ts';
import { readInstanceType, wireInstanceType } from './ccn-instances-wire.ts';
import { list, maybe, object, oneOf, oneOfNumbers, text } from '@landbridge/catalogue/schema/request-schemas';
import { readDestination } from '../../wire/wire-values.ts';

/** The types CcnRouteTableInputPolicy and CcnRouteTableBroadcastPolicy (docs/spec/actions.md, "Data types"). */

const conditionNames = ['instance-type', 'instance-id', 'instance-region', 'cidr-block'] as const;
const patterns = { fuzzy: 0, exact: 1 } as const;
/** The service has the quotas; more than this is not even looked at. */
const most = { policies: 1000, conditions: 10, values: 1000 };

const condition = object({
  Name: oneOf(...conditionNames),
  Values: Type.Array(text({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: most.values }),
  MatchPattern: oneOfNumbers(Object.values(patterns)),
});
const conditionList = () => list(condition, most.conditions);
const common = {
  RouteConditions: conditionList(),
  Action: oneOf('accept', 'drop'),
  OperateAsPath: maybe(text()),
  AsPathOperateMode: maybe(text()),
};
const policyDescription = () => text({ maxBytes: 100 });
const inputPolicy = object({ ...common, Description: policyDescription() });
const broadcastPolicy = object({
  ...common,
  Description: maybe(policyDescription()),
  BroadcastConditions: conditionList(),
  OperateCommunitySet: maybe(list(text(), most.values)),
  CommunityOperateMode: maybe(text()),
});

export const inputPolicyList = () => list(inputPolicy, most.policies);
export const broadcastPolicyList = () => list(broadcastPolicy, most.policies);

type GivenPolicy = Static<typeof inputPolicy> | Static<typeof broadcastPolicy>;

/** What would have no effect without BGP is refused. */
export function readPolicy(given: GivenPolicy, index: number): CcnRoutePolicy {
  const name = `Policys.${index}`;
  for (const field of ['OperateAsPath', 'AsPathOperateMode'] as const) {
    if ((given[field] ?? '') !== '') reject('feature-not-built', { name: `${name}.${field}`, feature: 'BGP in a CCN' });
  }
  if ('BroadcastConditions' in given) checkCommunity(given, name);
  const audience = 'BroadcastConditions' in given ? given.BroadcastConditions : [];
  return {
    conditions: given.RouteConditions.map((one, at) => readCondition(one, `${name}.RouteConditions.${at}`)),
    audience: audience.map((one, at) => readInstanceCondition(one, `${name}.BroadcastConditions.${at}`)),
    action: given.Action,
    description: given.Description ?? '',
  };
}

function checkCommunity(
  { OperateCommunitySet: communities = [], CommunityOperateMode: mode = '' }: Static<typeof broadcastPolicy>,
  name: string,
): void {
  if (communities.length > 0) reject('community-not-offered', { name: `${name}.OperateCommunitySet` });
  if (mode !== '') reject('community-not-offered', { name: `${name}.CommunityOperateMode` });
}

type GivenCondition = Static<typeof condition>;

function readCondition(given: GivenCondition, name: string): RouteCondition {
  if (given.Name !== 'cidr-block') return readInstanceCondition(given, name);
  const values = given.Values.map((value, at) => readDestination(value, `${name}.Values.${at}`));
  return { kind: 'destination', pattern: given.MatchPattern === patterns.exact ? 'exact' : 'within', values };
}

function readInstanceCondition(
  { Name: field, Values: values, MatchPattern: pattern }: GivenCondition,
  name: string,
): InstanceCondition {
  if (field !== 'cidr-block' && pattern !== patterns.exact) {
    reject('parameter-mismatch', { name: `${name}.MatchPattern`, rule: `${field} is compared exactly (1)` });
  }
  switch (field) {
    case 'instance-type':
      return {
        kind: 'instance-kind',
        values: values.map((value, at) => readInstanceType(value, `${name}.Values.${at}`)),
      };
    case 'instance-id':
      return { kind: 'instance-id', values };
    case 'instance-region':
      return { kind: 'region', values };
    case 'cidr-block':
      return reject('parameter-mismatch', { name: `${name}.Name`, rule: 'an instance has no cidr-block' });
  }
}

export function wireInputPolicy({ conditions, action, description }: CcnRoutePolicy) {
  return {
    RouteConditions: conditions.map(wireCondition),
    Action: action,
    Description: description,
    OperateAsPath: '',
    AsPathOperateMode: '',
  };
}

export function wireBroadcastPolicy(policy: CcnRoutePolicy) {
  return {
    ...wireInputPolicy(policy),
    BroadcastConditions: policy.audience.map(wireCondition),
    OperateCommunitySet: [],
    CommunityOperateMode: '',
  };
}

function wireCondition(given: RouteCondition): GivenCondition {
  const of = (Name: GivenCondition['Name'], Values: readonly string[], MatchPattern: number = patterns.exact) => {
    return { Name, Values: [...Values], MatchPattern };
  };
  switch (given.kind) {
    case 'instance-kind':
      return of(
        'instance-type',
        given.values.map((kind) => wireInstanceType({ kind })),
      );
    case 'instance-id':
      return of('instance-id', given.values);
    case 'region':
      return of('instance-region', given.values);
    case 'destination':
      return of('cidr-block', given.values, patterns[given.pattern === 'exact' ? 'exact' : 'fuzzy']);
  }
}
