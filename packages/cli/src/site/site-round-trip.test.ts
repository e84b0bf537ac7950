import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiError, type JsonObject } from '@landbridge/client';
import { serviceOf } from '@landbridge/client/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../server/testing/api-harness.ts';
import { applySteps, type Outcome } from './apply-steps.ts';
import { presentFor } from './apply.ts';
import type { Call } from '../list-all.ts';
import { exported, siteText } from './export.ts';
import { objectsOfSite } from './objects-of-site.ts';
import { ownIds, readPresent } from './present-objects.ts';
import { previewSteps } from './preview-steps.ts';
import { parseSite } from './read-site-file.ts';
import { Secret } from './secret.ts';
import type { SiteObject } from './site-object.ts';
import { stepsTo } from './steps.ts';

const examples = fileURLToPath(new URL('../../../../examples', import.meta.url));
const exampleNames = readdirSync(examples).filter((name) => name.endsWith('.yaml'));
const example = (name: string) => readFileSync(join(examples, name), 'utf8');

let api: ApiHarness;
let calls: string[];

beforeEach(async () => {
  api = await startHarness({ regions: ['local'] });
  calls = [];
});

afterEach(() => api.close());

/** The harness, whose agent applies at once. */
const call: Call = async (action, parameters = {}) => {
  calls.push(action);
  api.applyAll();
  try {
    return await callOnly(action, parameters);
  } finally {
    api.applyAll();
  }
};

/** The harness, whose agent does nothing. */
const callOnly: Call = async (action, parameters = {}) => {
  const service = serviceOf(action);
  const reply = await api.call(action, parameters, { service, region: 'local' });
  const error = reply['Error'] as { readonly Code: string; readonly Message: string } | undefined;
  if (error !== undefined) throw new ApiError(error.Code, error.Message, String(reply['RequestId']));
  return reply;
};

const keyOfTunnel = (reference: string) => new Secret(`the key at ${reference}`);

function objectsOf(text: string): readonly SiteObject[] {
  return objectsOfSite(parseSite(text, 'site.yaml').site, keyOfTunnel);
}

async function stepsFor(text: string, prune = false) {
  const objects = objectsOf(text);
  const present = await presentFor(call, objects, prune ? await ownIds(call, 'test') : new Set());
  return { objects, present, steps: stepsTo(objects, present, { prune }) };
}

async function applyText(text: string, prune = false): Promise<readonly Outcome[]> {
  const { steps, present } = await stepsFor(text, prune);
  return applySteps(steps, present, {
    call,
    site: 'test',
    region: 'local',
    patienceMs: 5000,
    onOutcome: () => undefined,
  });
}

const results = (outcomes: readonly Outcome[]) => outcomes.filter(({ result }) => result !== 'done');
/** With devices where the harness has no gateways. */
const named = (text: string) => text.replace(/^site: .*$/m, 'site: test').replaceAll('203.0.113.', '198.51.100.');

/** Hundreds of calls each. */
const patient = { timeout: 120_000 };

describe.each(exampleNames)('examples/%s', patient, (name) => {
  it('is applied once, is exported as nothing else, and goes away again', async () => {
    const text = named(example(name));
    expect(results(await applyText(text))).toEqual([]);
    expect((await stepsFor(text)).steps).toEqual([]);

    const { site, leftOut } = await exported(call, { site: 'test' }, () => undefined);
    expect(leftOut).toEqual([]);
    const again = await stepsFor(siteText(site));
    expect(again.steps).toEqual([]);
    const keys = (objects: readonly SiteObject[]) => objects.map(({ key }) => key).sort();
    expect(keys(again.objects)).toEqual(keys(objectsOf(text)));

    expect(results(await applyText('site: test', true))).toEqual([]);
    expect(await readPresent(call, { ownIds: new Set(), sourceChecks: false })).toEqual([]);
  });
});

const everything = `
site: test
vpcs:
  one:
    cidr: 10.0.0.0/16
    secondaryCidrs: [172.20.0.0/16]
    dnsServers: [10.0.0.2]
    domainName: one.example
    publishWholeRange: true
    subnets:
      a: { cidr: 10.0.1.0/24, zone: z, routeTable: special, interfaces: [{ interface: eth7, vlan: 12 }] }
      b: { cidr: 172.20.1.0/24 }
    routeTables:
      special: { routes: [{ to: 192.168.0.0/16, via: gw, description: by special, enabled: false }] }
    routes: [{ to: 192.168.1.0/24, via: gw }, { to: 192.168.9.0/24, via: own-line }]
  two: { cidr: 10.2.0.0/16, subnets: { c: { cidr: 10.2.1.0/24 } } }
customerGateways:
  peer: { address: 198.51.100.7, asn: 65001 }
  other: { address: 198.51.100.8 }
vpnGateways:
  gw:
    vpc: one
    bandwidthMbps: 50
    sourceCheck: false
    tunnels:
      t1:
        customerGateway: peer
        mode: route
        preSharedKey: file:t1
        ike: { version: IKEV1, exchangeMode: AGGRESSIVE, encryption: AES-CBC-128, integrity: SHA, dhGroup: GROUP5, lifetimeSeconds: 7200, localIdentity: FQDN, localName: us.example, remoteIdentity: FQDN, remoteName: them.example }
        ipsec: { encryption: AES-CBC-128, integrity: SHA1, pfsGroup: DH-GROUP5, lifetimeSeconds: 1800, lifetimeKilobytes: 100000 }
        initiation: passive
        dpd: { enabled: true, timeoutSeconds: 60, action: clear }
        healthCheck: { enabled: true, localAddress: 169.254.130.1, remoteAddress: 169.254.130.2, intervalMs: 500, threshold: 4, timeoutMs: 100 }
    routes: [{ to: 192.168.1.0/24, via: t1, priority: 100, description: standby }]
  cloud:
    tunnels:
      t2:
        customerGateway: other
        mode: spd
        preSharedKey: file:t2
        policies: [{ local: 10.2.0.0/16, remote: [192.168.3.0/24, 192.168.2.0/24] }]
    routes: [{ to: 10.2.0.0/16, via: all }]
    announces: [192.168.2.0/24]
directConnectGateways:
  line:
    asn: 65010
    ranges: [{ cidr: 192.168.7.0/24, description: the seventh }]
    line: { vxlan: { vni: 7, remoteAddress: 198.51.100.9, port: 4790 }, localAddress: 198.18.7.1/30, peerAddress: 198.18.7.2 }
  own-line: { vpc: one }
ccns:
  all:
    description: joins
    bandwidthLimitType: INTER_REGION_LIMIT
    ecmp: true
    accepts: [{ action: drop, routes: [{ name: instance-id, values: [directConnectGateway/line] }] }]
    routeTables:
      no-idc:
        description: none
        accepts: [{ action: drop, routes: [{ name: instance-type, values: [VPNGW] }] }]
        tells: [{ action: accept, to: [{ name: instance-type, values: [VPC] }], routes: [{ name: cidr-block, values: [10.0.0.0/8], exact: false }] }]
    instances:
      - { instance: vpc/two, routeTable: no-idc, description: bound }
      - { instance: vpnGateway/cloud }
      - { instance: directConnectGateway/line }
    selection: [{ instance: vpc/two, source: 10.2.1.0/24, routeTable: no-idc }]
`;

describe('a site with every kind of object', patient, () => {
  it('is applied, and then nothing is left to do; its export says the same', async () => {
    expect(results(await applyText(everything))).toEqual([]);
    expect((await stepsFor(everything)).steps).toEqual([]);
    const { site, leftOut } = await exported(call, { site: 'test' }, (tunnel) => `file:${tunnel.split('/')[1] ?? ''}`);
    expect(leftOut).toEqual([]);
    expect((await stepsFor(siteText(site))).steps).toEqual([]);
    const keys = (text: string) =>
      objectsOf(text)
        .map(({ key }) => key)
        .sort();
    expect(keys(siteText(site))).toEqual(keys(everything));
    expect(results(await applyText('site: test', true))).toEqual([]);
    expect(await readPresent(call, { ownIds: new Set(), sourceChecks: false })).toEqual([]);
  });

  it('an interrupted apply goes on where it was, and makes nothing twice', async () => {
    const { steps, present } = await stepsFor(everything);
    let left = 23;
    const dying: Call = async (action, parameters) => {
      const reply = await call(action, parameters);
      if (action.startsWith('Describe')) return reply;
      // The call was done, and the answer is lost.
      if (left-- <= 0) throw new Error('gone');
      return reply;
    };
    await applySteps(steps, present, {
      call: dying,
      site: 'test',
      region: 'local',
      patienceMs: 5000,
      onOutcome: () => undefined,
    });
    expect((await stepsFor(everything)).steps).not.toEqual([]);
    expect(results(await applyText(everything))).toEqual([]);
    const there = await readPresent(call, { ownIds: new Set(), sourceChecks: true });
    expect(stepsTo(objectsOf(everything), there, { prune: false })).toEqual([]);
  });

  it('two who apply at the same time make one of each object', async () => {
    await Promise.all([applyText(everything), applyText(everything)]);
    const there = await readPresent(call, { ownIds: new Set(), sourceChecks: true });
    expect(stepsTo(objectsOf(everything), there, { prune: false })).toEqual([]);
  });

  it('what was deleted by hand is made anew', async () => {
    await applyText(everything);
    const tunnel = (await presentFor(call, objectsOf(everything), new Set())).find(
      ({ key }) => key === 'tunnel cloud/t2',
    );
    const gateway = (await presentFor(call, objectsOf(everything), new Set())).find(
      ({ key }) => key === 'vpnGateway cloud',
    );
    await call('DeleteVpnConnection', { VpnGatewayId: gateway?.id, VpnConnectionId: tunnel?.id });
    expect((await applyText(everything)).map(({ step }) => step.key)).toEqual([
      'tunnel cloud/t2',
      'announcement cloud/192.168.2.0/24',
    ]);
    expect((await stepsFor(everything)).steps).toEqual([]);
  });

  it('one that fails holds back those that need it, and no others', async () => {
    const text = everything.replace('address: 198.51.100.7', 'address: 10.0.0.1.2');
    const undone = results(await applyText(text)).map(({ step, result }) => `${step.key} ${result}`);
    expect(undone).toEqual([
      'customerGateway peer failed',
      'tunnel gw/t1 held',
      'gatewayRoute gw/192.168.1.0/24/t1 held',
    ]);
  });

  it('tunnels that do not come into force are waited for side by side', async () => {
    await applyText('site: test\nvpnGateways: { gw: {} }');
    const names = ['a', 'b', 'c'];
    const tunnel = (name: string) => `${name}: { customerGateway: ${name}, mode: route, preSharedKey: file:${name} }`;
    const { steps, present } = await stepsFor(`
site: test
customerGateways: { ${names.map((name, index) => `${name}: { address: 198.51.100.${index + 1} }`).join(', ')} }
vpnGateways: { gw: { tunnels: { ${names.map(tunnel).join(', ')} } } }
`);
    const looks: string[] = [];
    const unapplied: Call = (action, parameters = {}) => {
      if (action === 'DescribeVpnConnections') looks.push(JSON.stringify(parameters['Filters']));
      return callOnly(action, parameters);
    };
    const undone = await applySteps(steps, present, {
      call: unapplied,
      site: 'test',
      region: 'local',
      patienceMs: 500,
      onOutcome: () => undefined,
    });
    expect(results(undone)).toMatchObject(
      names.map((name) => ({
        step: { key: `tunnel gw/${name}` },
        result: 'failed',
        why: 'it is made, but not in force after 0.5 s: `landbridge status` tells why',
      })),
    );
    const [first, second, third] = [...new Set(looks)];
    const looksAt = (filters: string | undefined) => looks.filter((one) => one === filters).length;
    expect(looksAt(first)).toBeGreaterThan(2);
    // Once when it was made, and once at the end of the time.
    expect([looksAt(second), looksAt(third)]).toEqual([2, 2]);
  });

  it('what is changed in the file is changed in the service, and tunnels are told apart beforehand', async () => {
    await applyText(everything);
    const text = everything
      .replace('version: IKEV1, exchangeMode: AGGRESSIVE', 'version: IKEV1, exchangeMode: MAIN')
      .replace('description: bound', 'description: free')
      .replace('bandwidthMbps: 50', 'bandwidthMbps: 100')
      .replace('vni: 7', 'vni: 8')
      .replace('priority: 100', 'priority: 0')
      .replace('[192.168.3.0/24, 192.168.2.0/24]', '[192.168.3.0/24, 192.168.2.0/24, 192.168.4.0/24]')
      .replace('file:t1', 'file:new')
      .replace('exact: false', 'exact: true');
    const { steps, objects, present } = await stepsFor(text);
    calls = [];
    const lines = await previewSteps(steps, objects, present, { call, site: 'test', region: 'local' });
    expect(lines).toEqual([
      '  tunnel cloud/t2: rekey',
      '  tunnel gw/t1: interruption',
      '  192.168.4.0/24 (other) -> 10.2.1.0/24 (two/c): no -> yes',
      '  who reaches whom is told of each step alone: not what only several together change, nor 2 of 7 that take several calls or need others first',
    ]);
    expect(calls.filter((action) => !/^(Describe|Preview)/.test(action))).toEqual([]);
    expect(results(await applyText(text))).toEqual([]);
    expect((await stepsFor(text)).steps).toEqual([]);
  });

  it('what is made anew for a change keeps what the file leaves out', async () => {
    await applyText(
      everything
        .replace('port: 4790', 'port: 4790, underlayAddress: 203.0.113.30, underlayMtu: 1450')
        .replace('{ to: 192.168.1.0/24, via: gw }', '{ to: 192.168.1.0/24, via: gw, description: to the peer }'),
    );
    const text = everything
      .replace('vni: 7', 'vni: 8')
      .replace(', port: 4790', '')
      .replace('priority: 100, description: standby', 'priority: 0')
      .replace('{ to: 192.168.1.0/24, via: gw }', '{ to: 192.168.1.0/24, via: own-line }');
    expect(results(await applyText(text))).toEqual([]);
    const there = await presentFor(call, objectsOf(text), new Set());
    const fieldsOf = (key: string) => there.find((one) => one.key === key)?.fields;
    expect(fieldsOf('gatewayRoute gw/192.168.1.0/24/t1')).toMatchObject({ priority: 0, description: 'standby' });
    expect(fieldsOf('vpcRoute one/192.168.1.0/24')).toMatchObject({
      via: 'directConnectGateway own-line',
      description: 'to the peer',
    });
    expect(fieldsOf('line line')).toMatchObject({
      'vxlan.vni': 8,
      'vxlan.port': 4790,
      'vxlan.underlayAddress': '203.0.113.30',
      'vxlan.underlayMtu': 1450,
    });
  });

  it('a line of another kind takes nothing over from the one before', async () => {
    await applyText(everything);
    const text = everything.replace(
      'vxlan: { vni: 7, remoteAddress: 198.51.100.9, port: 4790 }',
      'interface: eth8, vlan: 4',
    );
    for (const wanted of [text, everything]) {
      expect(results(await applyText(wanted))).toEqual([]);
      expect((await stepsFor(wanted)).steps).toEqual([]);
    }
  });

  it('who reaches whom otherwise is told beforehand, with names, for what is made as well', async () => {
    await applyText(everything);
    const told = async (text: string, prune = false) => {
      const { steps, objects, present } = await stepsFor(text, prune);
      const lines = await previewSteps(steps, objects, present, { call, site: 'test', region: 'local' });
      return lines.filter((line) => !/^ {2}tunnel /.test(line));
    };
    expect(await told(everything)).toEqual([]);
    const unrouted = everything.replace(/^ {4}routes: \[\{ to: 192\.168\.1\.0\/24, via: t1.*$/m, '');
    expect(await told(unrouted, true)).toEqual(['  172.20.1.0/24 (one/b) -> 192.168.1.0/24 (peer): yes -> no']);
    const more = everything.replace('      b: {', '      d: { cidr: 172.20.4.0/24 }\n      b: {');
    expect(await told(more)).toEqual([
      '  10.0.1.0/24 (one/a) -> 172.20.4.0/24 (one/d): no -> yes',
      '  172.20.1.0/24 (one/b) -> 172.20.4.0/24 (one/d): no -> yes',
      '  172.20.4.0/24 (one/d) -> 10.0.1.0/24 (one/a): no -> yes',
      '  172.20.4.0/24 (one/d) -> 172.20.1.0/24 (one/b): no -> yes',
      '  172.20.4.0/24 (one/d) -> 192.168.1.0/24 (peer): no -> yes',
      '  192.168.1.0/24 (peer) -> 172.20.4.0/24 (one/d): no -> yes',
    ]);
  });

  it('lists are read once for all routes of a table, and for all announcements of a gateway', async () => {
    const many = (items: (n: number) => string) => Array.from({ length: 5 }, (_, n) => items(n)).join(', ');
    const remotes = many((n) => `192.168.${n}.0/24`);
    const text = (routes: string, announces: string) => `
site: test
vpcs: { one: { cidr: 10.0.0.0/16, routes: [${routes}] } }
customerGateways: { peer: { address: 198.51.100.7 } }
vpnGateways:
  gw: { vpc: one }
  cloud:
    tunnels:
      t:
        customerGateway: peer
        mode: spd
        preSharedKey: file:t
        policies: [{ local: 10.0.0.0/16, remote: [${remotes}] }]
    announces: [${announces}]
ccns: { all: { instances: [{ instance: vpnGateway/cloud }] } }
`;
    await applyText(text('', ''));
    const whole = text(
      many((n) => `{ to: 192.168.${n}.0/24, via: gw }`),
      remotes,
    );
    const { steps, objects, present } = await stepsFor(whole);
    expect(steps.map(({ do: what, key }) => `${what} ${key}`)).toContain('create vpcRoute one/192.168.4.0/24');
    const lists = ['DescribeRouteTables', 'DescribeVpnGatewayCcnRoutes'];
    const listed = () => calls.filter((action) => lists.includes(action));
    calls = [];
    await previewSteps(steps, objects, present, { call, site: 'test', region: 'local' });
    expect(listed()).toEqual(['DescribeRouteTables']);
    calls = [];
    const told = { site: 'test', region: 'local', patienceMs: 5000, onOutcome: () => undefined };
    expect(results(await applySteps(steps, present, { call, ...told }))).toEqual([]);
    expect(listed()).toEqual(['DescribeRouteTables']);
    expect((await stepsFor(whole)).steps).toEqual([]);

    await applyText('site: test', true);
    const anew = await stepsFor(whole);
    calls = [];
    expect(results(await applySteps(anew.steps, anew.present, { call, ...told }))).toEqual([]);
    expect(listed().toSorted()).toEqual(lists);
    expect((await stepsFor(whole)).steps).toEqual([]);
  });

  it('new subnets of the same range in two VPCs are told apart', async () => {
    const text = (subnets: string) => `
site: test
vpcs:
  left: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 }${subnets} } }
  right: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 }${subnets} } }
`;
    await applyText(text(''));
    const { steps, objects, present } = await stepsFor(text(', b: { cidr: 10.0.2.0/24 }'));
    expect(await previewSteps(steps, objects, present, { call, site: 'test', region: 'local' })).toEqual([
      '  10.0.1.0/24 (left/a) -> 10.0.2.0/24 (left/b): no -> yes',
      '  10.0.1.0/24 (right/a) -> 10.0.2.0/24 (right/b): no -> yes',
      '  10.0.2.0/24 (left/b) -> 10.0.1.0/24 (left/a): no -> yes',
      '  10.0.2.0/24 (right/b) -> 10.0.1.0/24 (right/a): no -> yes',
      '  who reaches whom is told of each step alone: not what only several together change',
    ]);
  });

  it('what somebody else attached to a CCN of the site goes from it, and lives on, when the CCN is pruned', async () => {
    await applyText('site: test\nccns: { all: {} }');
    const [ccn] = await readPresent(call, { ownIds: new Set(), sourceChecks: false });
    const vpc = (await call('CreateVpc', { VpcName: 'by hand', CidrBlock: '10.9.0.0/16' }))['Vpc'] as JsonObject;
    const gateway = { VpcId: '', Type: 'CCN', VpnGatewayName: 'by hand', InternetMaxBandwidthOut: 5 };
    const made = (await call('CreateVpnGateway', gateway))['VpnGateway'] as JsonObject;
    const line = { DirectConnectGatewayName: 'by hand', NetworkType: 'CCN' };
    const direct = (await call('CreateDirectConnectGateway', line))['DirectConnectGateway'] as JsonObject;
    const Instances = [
      { InstanceType: 'VPC', InstanceId: vpc['VpcId'], InstanceRegion: 'local' },
      { InstanceType: 'VPNGW', InstanceId: made['VpnGatewayId'], InstanceRegion: 'local' },
      { InstanceType: 'DIRECTCONNECT', InstanceId: direct['DirectConnectGatewayId'], InstanceRegion: 'local' },
    ];
    await call('AttachCcnInstances', { CcnId: ccn?.id, Instances });
    const { steps, objects, present } = await stepsFor('site: test', true);
    expect(steps.map(({ do: what }) => what)).toEqual(['delete', 'delete', 'delete', 'delete']);
    calls = [];
    await previewSteps(steps, objects, present, { call, site: 'test', region: 'local' });
    expect(calls.filter((action) => action === 'PreviewChanges')).toHaveLength(steps.length);
    expect(results(await applyText('site: test', true))).toEqual([]);
    const there = await readPresent(call, { ownIds: new Set(), sourceChecks: false });
    expect(there.map(({ key }) => key).sort()).toEqual([
      'directConnectGateway by hand',
      'vpc by hand',
      'vpnGateway by hand',
    ]);
  });

  it('pruning leaves what a gateway announces', async () => {
    await applyText(everything);
    const { steps } = await stepsFor(everything.replace(/^ {4}announces: .*$/m, ''), true);
    expect(steps).toEqual([]);
  });

  it('nothing of others is pruned', async () => {
    await call('CreateVpc', { VpcName: 'by hand', CidrBlock: '10.9.0.0/16' });
    await applyText(everything);
    expect(results(await applyText('site: test', true))).toEqual([]);
    const there = await readPresent(call, { ownIds: new Set(), sourceChecks: false });
    expect(there.map(({ key }) => key)).toEqual(['vpc by hand']);
  });
});

describe('a site that names no region', patient, () => {
  it('is in the one that the service chooses, and so are its attachments', async () => {
    await api.close();
    api = await startHarness({ regions: ['north', 'south'] });
    const regionless: Call = async (action, parameters = {}) => {
      calls.push(action);
      api.applyAll();
      const reply = await api.call(action, parameters, { service: serviceOf(action), region: '' });
      api.applyAll();
      const error = reply['Error'] as { readonly Code: string; readonly Message: string } | undefined;
      if (error !== undefined) throw new ApiError(error.Code, error.Message, String(reply['RequestId']));
      return reply;
    };
    await regionless('CreateVpc', { VpcName: 'two', CidrBlock: '10.2.0.0/16' });
    const text = (description: string) => `
site: test
vpcs: { one: { cidr: 10.1.0.0/16 }, two: { cidr: 10.2.0.0/16 } }
ccns: { all: { instances: [{ instance: vpc/two }, { instance: vpc/one, description: ${description} }] } }
`;
    const applied = async (file: string, prune = false) => {
      const objects = objectsOf(file);
      const present = await presentFor(regionless, objects, prune ? await ownIds(regionless, 'test') : new Set());
      const steps = stepsTo(objects, present, { prune });
      calls = [];
      const options = { site: 'test', region: undefined, patienceMs: 5000, onOutcome: () => undefined };
      return results(await applySteps(steps, present, { call: regionless, ...options }));
    };
    expect(await applied(text('before'))).toEqual([]);
    expect(calls.filter((action) => action === 'GetResources')).toHaveLength(1);
    const { InstanceSet } = await regionless('DescribeCcnAttachedInstances');
    expect((InstanceSet as JsonObject[]).map((one) => one['InstanceRegion'])).toEqual(['north', 'north']);
    expect(await applied(text('after'))).toEqual([]);
    expect(await applied('site: test', true)).toEqual([]);
  });
});
