import type {
  broadcastPolicyRequest,
  conditionRequest,
  inputPolicyRequest,
  WireBroadcastPolicy,
  WireCondition,
  WireInputPolicy,
} from '@landbridge/catalogue/ccn/ccn-route-policies';
import type { Static } from 'typebox';
import type { CcnRoutePolicy, InstanceCondition, RouteCondition } from '../../../domain/ccn/ccn-route-policy.ts';
import { reject } from '../../protocol/api-error.ts';
import { readInstanceType, wireInstanceType } from './ccn-instances-wire.ts';
import { readDestination } from '../../wire/wire-values.ts';

/** The types CcnRouteTableInputPolicy and CcnRouteTableBroadcastPolicy (docs/spec/actions.md, "Data types"). */

const patterns = { fuzzy: 0, exact: 1 } as const;

type GivenPolicy = Static<typeof inputPolicyRequest> | Static<typeof broadcastPolicyRequest>;

/** What would have no effect without BGP is refused. */
export function readPolicy(given: GivenPolicy, index: number): CcnRoutePolicy {
  const name = `Policys.${index}`;
  for (const field of ['OperateAsPath', 'AsPathOperateMode'] as const) {
    if ((given[field] ?? '') !== '')
      reject('feature-not-built', { name: `${name}.${field}`, feature: { en: 'BGP in a CCN', zh: '云联网的 BGP' } });
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
  { OperateCommunitySet: communities = [], CommunityOperateMode: mode = '' }: Static<typeof broadcastPolicyRequest>,
  name: string,
): void {
  if (communities.length > 0) reject('community-not-offered', { name: `${name}.OperateCommunitySet` });
  if (mode !== '') reject('community-not-offered', { name: `${name}.CommunityOperateMode` });
}

type GivenCondition = Static<typeof conditionRequest>;

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
    reject('parameter-mismatch', {
      name: `${name}.MatchPattern`,
      rule: { en: `${field} is compared exactly (1)`, zh: `${field} 仅支持精确匹配（1）` },
    });
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
      return reject('parameter-mismatch', {
        name: `${name}.Name`,
        rule: { en: 'an instance has no cidr-block', zh: '实例没有 cidr-block' },
      });
  }
}

export function wireInputPolicy({ conditions, action, description }: CcnRoutePolicy): WireInputPolicy {
  return {
    RouteConditions: conditions.map(wireCondition),
    Action: action,
    Description: description,
    OperateAsPath: '',
    AsPathOperateMode: '',
  };
}

export function wireBroadcastPolicy(policy: CcnRoutePolicy): WireBroadcastPolicy {
  return {
    ...wireInputPolicy(policy),
    BroadcastConditions: policy.audience.map(wireCondition),
    OperateCommunitySet: [],
    CommunityOperateMode: '',
  };
}

function wireCondition(given: RouteCondition): WireCondition {
  const of = (Name: WireCondition['Name'], Values: readonly string[], MatchPattern: number = patterns.exact) => {
    return { Name, Values, MatchPattern };
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
