import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { ActionDefinition } from '@landbridge/catalogue/action-definition';
import { errorRegistry, type ErrorReason } from '@landbridge/catalogue/errors/error-registry';
import { allActions } from '@landbridge/catalogue/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGateway, makeVpc } from '../../testing/sample-resources.ts';
import { smallestRequest } from '../../testing/smallest-request.ts';
import { startHarness, type ApiHarness, type TestCredential } from '../../testing/api-harness.ts';

/** Errors that many Actions list: each is provoked for each of them, by what the catalogue says of its parameters. */
let api: ApiHarness;
let tenant: TestCredential;
/** What calls list the parts of. */
let parents: Readonly<Record<string, string>>;
beforeAll(async () => {
  api = await startHarness();
  const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' });
  parents = { VpnGatewayId: await makeGateway(api, await makeVpc(api)), CcnId: Ccn.CcnId };
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
  tenant = { secretId: String(SecretId), secretKey: String(SecretKey) };
});
afterAll(() => api.close());

/** A preview refuses what the call that it previews does. */
const listing = (reason: ErrorReason) =>
  allActions.filter(({ name, definition }) => name !== 'PreviewChanges' && definition.errors.includes(reason));
const has = ({ request }: ActionDefinition, parameter: string) => parameter in request.properties;

const cidr = { DestinationCidrBlock: '192.168.9.0/24' };
const vpcRoute = { ...cidr, GatewayType: 'VPN', GatewayId: 'vpngw-notthere' };
const condition = { Name: 'instance-type', Values: ['VPC'], MatchPattern: 1 };
/** What some need beside the parameters that their schema calls needed, or instead of them. */
const needed: Readonly<Record<string, object>> = {
  ModifyAssistantCidr: { NewCidrBlocks: ['10.9.0.0/16'] },
  CheckAssistantCidr: { NewCidrBlocks: ['10.9.0.0/16'] },
  CreateRoutes: { Routes: [vpcRoute] },
  ReplaceRoutes: { Routes: [{ ...vpcRoute, RouteId: 1 }] },
  ResetRoutes: { Routes: [vpcRoute] },
  DeleteRoutes: { Routes: [{ RouteId: 1 }] },
  EnableRoutes: { RouteIds: [1] },
  DisableRoutes: { RouteIds: [1] },
  DownloadCustomerGatewayConfiguration: {
    CustomerGatewayVendor: { VendorName: 'cisco', Platform: 'ios', SoftwareVersion: 'V15.4' },
    InterfaceName: 'eth0',
  },
  CreateVpnGatewayRoutes: {
    Routes: [{ ...cidr, InstanceType: 'VPNCONN', InstanceId: 'vpnx-notthere', Priority: 0, Status: 'ENABLE' }],
  },
  ReplaceCcnRouteTableInputPolicys: {
    Policys: [{ RouteConditions: [condition], Action: 'accept', Description: 'word' }],
  },
  ReplaceCcnRouteTableBroadcastPolicys: {
    Policys: [{ RouteConditions: [condition], Action: 'accept', BroadcastConditions: [condition] }],
  },
  CreateDirectConnectGateway: { NetworkInstanceId: 'vpc-notthere' },
  ReplaceDirectConnectGatewayCcnRoutes: { Routes: [{ ...cidr, RouteId: 'dcr-notthere' }] },
  ModifyResourceTags: { ReplaceTags: [{ TagKey: 'k' }] },
  CreateVpnGateway: { VpcId: 'vpc-notthere' },
  TracePath: { SourceAddress: '10.0.1.5', SourceId: 'subnet-notthere', DestinationAddress: '10.0.1.6' },
  ProvePath: { SourceSubnetId: 'subnet-notthere', DestinationAddress: '10.0.1.6' },
  DrillFailover: { DestinationAddress: '10.0.1.6' },
  GetMonitorData: {
    Namespace: 'QCE/VPNX',
    MetricName: 'InPkg',
    Instances: [{ Dimensions: [{ Name: 'vpnConnId', Value: 'vpnx-notthere' }] }],
  },
  CreatePacketCapture: { ResourceId: 'vpnx-notthere' },
  DescribeTunnelHistory: { ResourceId: 'vpnx-notthere' },
  DescribePlan: { ResourceId: 'vpc-notthere' },
  DescribeTimeline: { ResourceId: 'vpnx-notthere' },
  DescribeAuditEvents: { AccountName: 'word' },
};

const least = (name: string, definition: ActionDefinition, more: readonly string[] = []) => {
  return { ...smallestRequest(definition, more), ...needed[name] };
};

const existing = (definition: ActionDefinition) =>
  Object.fromEntries(Object.entries(parents).filter(([parameter]) => has(definition, parameter)));

describe('a filter that nobody knows', () => {
  it.each(listing('filter-unknown'))('is refused by $name', async ({ name, service, definition }) => {
    const Filters = [{ Name: 'colour', Values: ['red'] }];
    const error = await api.fail(name, { ...least(name, definition), ...existing(definition), Filters }, { service });
    expect(error.Code).toBe(errorRegistry['filter-unknown'].code);
    for (const filter of Object.keys(definition.filters)) expect(error.Message).toContain(filter);
  });
});

describe('a filter that is none', () => {
  const text = 'a';
  it.each(listing('filter-not-object'))('is refused by $name', async ({ name, service, definition }) => {
    const [filter = 'x'] = Object.keys(definition.filters);
    const codeOf = async (...Filters: unknown[]) => {
      const request = { ...least(name, definition), ...existing(definition), Filters };
      return (await api.fail(name, request, { service })).Code;
    };
    expect(await codeOf(text)).toBe('InvalidParameter.FilterNotDict');
    expect(await codeOf({ Name: filter, Values: text })).toBe('InvalidParameter.FilterValuesNotList');
    expect(await codeOf({ Name: filter, Values: [] })).toBe('InvalidParameterValue.Empty');
  });
});

describe('ids beside filters', () => {
  const withFilters = listing('parameters-exclude-each-other').filter(({ definition }) => has(definition, 'Filters'));
  it.each(withFilters)('are refused by $name', async ({ name, service, definition }) => {
    const ids = Object.keys(definition.request.properties).find((parameter) => parameter.endsWith('Ids')) ?? '';
    const [filter = ''] = Object.keys(definition.filters);
    const Filters = [{ Name: filter, Values: ['x'] }];
    const request = { ...least(name, definition, [ids]), ...existing(definition), Filters };
    const error = await api.fail(name, request, { service });
    expect(error.Code).toBe('InvalidParameter.Coexist');
    expect(error.Message).toContain(ids);
  });
});

/** Places in a request, as `Routes.0.CdcId`, of what is not offered. */
function notOfferedIn(
  schema: SchemaParts,
  path: readonly string[] = [],
): { path: readonly string[]; schema: SchemaParts }[] {
  if (schema.notOffered !== undefined) return [{ path, schema }];
  if (schema.items !== undefined) return notOfferedIn(schema.items, [...path, '0']);
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => notOfferedIn(part, [...path, name]));
}

function withValue(request: unknown, [step = '', ...rest]: readonly string[], value: unknown): unknown {
  if (step === '') return value;
  if (step === '0') return [withValue((request as unknown[] | undefined)?.[0], rest, value)];
  const object = (request ?? {}) as Record<string, unknown>;
  return { ...object, [step]: withValue(object[step], rest, value) };
}

describe('a parameter of what is not offered', () => {
  const places = allActions.flatMap(({ name, service, definition }) =>
    notOfferedIn(definition.request).map((place) => ({
      name,
      service,
      definition,
      ...place,
      at: place.path.join('.'),
    })),
  );
  it('is known in many places', () => expect(places.length).toBeGreaterThan(15));
  it.each(places)('is refused, never dropped: $name $at', async ({ name, service, definition, path, schema, at }) => {
    const [something, nothing] = { boolean: [true, false], array: [['x'], []], string: ['x', ''] }[
      schema.type as 'boolean' | 'array' | 'string'
    ];
    const codeOf = (value: unknown) =>
      api.fail(name, withValue(least(name, definition), path, value) as object, { service, language: 'zh-CN' });
    const error = await codeOf(something);
    expect(error).toEqual({
      Code: 'UnsupportedOperation',
      Message: `\`${at}\`：Landbridge 暂不支持 ${schema.notOffered!.zh}。`,
    });
    expect((await codeOf(nothing)).Message).not.toContain('暂不支持');
  });
});

describe('tags', () => {
  const taking = listing('tags-too-many').filter(({ definition }) => has(definition, 'Tags'));
  const Key = 'k';
  it.each([
    ['tag-key-duplicate', [{ Key }, { Key }]],
    ['tag-key-invalid', [{ Key: '' }]],
    ['tag-value-invalid', [{ Key, Value: 'v'.repeat(256) }]],
    ['tag-key-reserved', [{ Key: 'qcs:k' }]],
    ['tags-too-many', Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}` }))],
  ] as const)('that are wrong are refused by every Create: %s', async (reason, Tags) => {
    expect(taking.length).toBeGreaterThan(7);
    for (const { name, service, definition } of taking) {
      const error = await api.fail(name, { ...least(name, definition), Tags }, { service });
      expect([name, error.Code]).toEqual([name, errorRegistry[reason].code]);
    }
  });
});

describe('what only administrators may', () => {
  it.each(listing('administrator-only'))('$name', async ({ name, service, definition }) => {
    const error = await api.fail(name, least(name, definition), { service, credential: tenant });
    expect(error.Code).toBe(errorRegistry['administrator-only'].code);
  });
});

describe('an object that is not there', () => {
  it.each(listing('not-found'))('is named by $name', async ({ name, service, definition }) => {
    const error = await api.fail(name, least(name, definition), { service });
    expect(error.Code).toBe(errorRegistry['not-found'].code);
    expect(error.Message).toMatch(/notthere|`word`/);
  });
});
