import type { ApiHarness, CallOptions, TestCredential } from '@landbridge/server/testing/api-harness';
import { makeKey, tunnelRequest } from '@landbridge/server/testing/sample-resources';
import { patience } from '@landbridge/testbed/poll';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPage, type WatchedPage } from './browser.ts';
import { openSignedIn } from './open-signed-in.ts';
import { useConsole } from './use-console.ts';

// Two tenants before one server, at once, in two windows that share nothing.

const shown = useConsole();
let api: ApiHarness;
let other: WatchedPage;
beforeEach(async () => {
  ({ api } = shown);
  const browser = shown.page.context().browser();
  if (browser === null) throw new Error('the window has no browser');
  other = await openPage(browser, shown.origin);
  // Who is signed in is asked first: nobody is.
  other.allow(/status of 401/);
});
afterEach(async () => {
  await other.context.close();
  expect(other.complaints).toEqual([]);
});

interface Tenant {
  readonly name: string;
  readonly options: CallOptions & { readonly credential: TestCredential };
  readonly vpc: string;
  readonly gateway: string;
  readonly peer: string;
  readonly tunnel: `vpnx-${string}`;
}

let happened = 0;

async function makeTenant(name: string, address: string): Promise<Tenant> {
  const options = { credential: await makeKey(api, `tenant-${name}`) };
  const network = { VpcName: `vpc-${name}`, CidrBlock: '10.0.0.0/16' };
  const { Vpc } = await api.succeed('CreateVpc', network, options);
  const gatewayRequest = { VpcId: Vpc.VpcId, VpnGatewayName: `gateway-${name}`, InternetMaxBandwidthOut: 5 };
  const { VpnGateway } = await api.succeed('CreateVpnGateway', gatewayRequest, options);
  api.apply(VpnGateway.VpnGatewayId);
  const peerRequest = { CustomerGatewayName: `peer-${name}`, IpAddress: address };
  const { CustomerGateway } = await api.succeed('CreateCustomerGateway', peerRequest, options);
  const [gateway, peer] = [VpnGateway.VpnGatewayId, CustomerGateway.CustomerGatewayId];
  const tunnel = await makeTunnelOf({ gateway, peer, options }, `tunnel-${name}`);
  const route = { DestinationCidrBlock: '192.168.0.0/24', InstanceType: 'VPNCONN', InstanceId: tunnel };
  const Routes = [{ ...route, Priority: 0, Status: 'ENABLE' }];
  await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes }, options);
  return { ...{ name, options, vpc: Vpc.VpcId, gateway, peer, tunnel } };
}

async function makeTunnelOf({ gateway, peer, options }: Pick<Tenant, 'gateway' | 'peer' | 'options'>, name: string) {
  const request = tunnelRequest(gateway, peer, { VpnConnectionName: name });
  const { VpnConnection } = await api.succeed('CreateVpnConnection', request, options);
  return VpnConnection.VpnConnectionId as `vpnx-${string}`;
}

/** All that belongs to one tenant and another must never hear of. */
function ownWords({ name, options, vpc, gateway, peer, tunnel }: Tenant): readonly string[] {
  const ids = [vpc, gateway, peer, tunnel, options.credential.secretId];
  return [...ids, ...['tenant', 'vpc', 'gateway', 'peer', 'tunnel', 'event'].map((kind) => `${kind}-${name}`)];
}

/** Something of every kind that has an owner. */
async function doEverything(tenant: Tenant): Promise<string> {
  const { name, tunnel, options } = tenant;
  const event = {
    resourceId: tunnel,
    kind: 'tunnel-withdrawn',
    at: api.clock.now(),
    message: `event-${name}`,
  } as const;
  await api.services.events.keep({ series: 'tenants', events: [{ number: ++happened, event }] });
  const found = { object: tunnel, code: 'ike-dh-group-differs', ours: 'GROUP14', theirs: 'GROUP2' } as const;
  api.observed.recordFindings(tunnel, 'negotiation', [{ ...found, evidence: [], since: api.clock.now() }]);
  const mute = { VpnConnectionId: tunnel, Code: found.code, Reason: `mute-${name}` };
  await api.operate('MuteFinding', mute, options);
  await api.operate('CreateWebhook', { Url: `https://hook-${name}.example.com/` }, options);
  const { PacketCaptureId } = await api.operate('CreatePacketCapture', { ResourceId: tunnel }, options);
  return String(PacketCaptureId);
}

/** Plays charon. */
function setUp(tunnel: `vpnx-${string}`, isUp: boolean): void {
  if (isUp) {
    api.connect(tunnel);
    return;
  }
  const about = { ikeEstablished: false, children: { [tunnel]: false }, connected: false };
  api.observed.recordSas(tunnel, { ...about, lastError: 'closed by the peer', changedAt: api.clock.now() });
}

const noteEvents = `window.EventSource = class extends EventSource {
  addEventListener(type, listener, options) {
    super.addEventListener(type, (event) => { window.noted('event', event.data ?? ''); listener.call(this, event); }, options);
  }
};
addEventListener('DOMContentLoaded', () =>
  new MutationObserver(() => window.noted('page', document.body.textContent))
    .observe(document, { childList: true, subtree: true, characterData: true, attributes: true }));`;

type Source = 'event' | 'page' | 'answer';

/** Everything that comes into a window from now on: what the service answers and tells, and every state of the page between two moments. */
async function noteAll(page: Page): Promise<(source: Source) => string> {
  const noted: Record<Source, string[]> = { event: [], page: [], answer: [] };
  await page.exposeFunction('noted', (source: Source, text: string) => void noted[source].push(text));
  await page.addInitScript(noteEvents);
  page.on('response', (response) => {
    if (!/\/console\/(call|session)$/.test(response.url())) return;
    void response.text().then(
      (text) => noted.answer.push(text),
      // Of a page that was left meanwhile.
      () => undefined,
    );
  });
  return (source) => noted[source].join('\n');
}

async function signInTo(page: Page, credential: TestCredential): Promise<void> {
  await openSignedIn(page, '/console/tunnels', credential);
  await page.getByRole('heading', { level: 1, name: 'Tunnels' }).waitFor();
}

interface Answer {
  readonly Error?: { readonly Code: string };
}

/** As whoever sits in the window could call it. */
const callIn = (page: Page, Action: string, Parameters: object) =>
  page.evaluate<Answer & Readonly<Record<string, unknown>>>(
    `fetch('/console/call', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '${JSON.stringify({ Action, Parameters })}',
    }).then((reply) => reply.json()).then(({ Response }) => Response)`,
  );

/** Everything that can be listed. */
const lists = [
  ...[
    'DescribeVpcs',
    'DescribeVpnGateways',
    'DescribeCustomerGateways',
    'DescribeVpnConnections',
    'DescribeTunnelHealth',
  ],
  ...['DescribeEvents', 'DescribePacketCaptures', 'DescribeAuditEvents', 'DescribeWebhooks', 'DescribeFindingMutes'],
  ...['DescribeSystemStatus', 'DescribePlan'],
];

describe('two tenants at once', { timeout: 120_000 * patience }, () => {
  it('neither of whom ever gets to see what is the other’s, whatever happens there', async () => {
    const [anna, bert] = [await makeTenant('anna', '198.51.100.41'), await makeTenant('bert', '198.51.100.42')];
    const windows = [
      { tenant: anna, stranger: bert, page: shown.page, noted: await noteAll(shown.page) },
      { tenant: bert, stranger: anna, page: other.page, noted: await noteAll(other.page) },
    ] as const;
    for (const { tenant, page } of windows) {
      page.setDefaultTimeout(20_000 * patience);
      await signInTo(page, tenant.options.credential);
      await page
        .getByRole('row')
        .filter({ hasText: `tunnel-${tenant.name}` })
        .waitFor();
    }
    // A window hears three times a second at most: the other one's news of before has come once its own of after has.
    for (let turn = 0; turn < 6; turn++) {
      for (const { tenant, page } of windows) {
        setUp(tenant.tunnel, turn % 2 === 0);
        const row = page.getByRole('row').filter({ hasText: `tunnel-${tenant.name}` });
        await (turn % 2 === 0 ? row.getByText('up, unproven') : row.getByTitle('closed by the peer').first()).waitFor();
      }
    }
    const captures = new Map<string, string>();
    const newTunnels = new Map<string, string>();
    for (const { tenant, page } of windows) {
      captures.set(tenant.name, await doEverything(tenant));
      const peerRequest = { CustomerGatewayName: `peer-${tenant.name}-2`, IpAddress: `198.51.100.5${captures.size}` };
      const { CustomerGateway } = await api.succeed('CreateCustomerGateway', peerRequest, tenant.options);
      const second = { ...tenant, peer: CustomerGateway.CustomerGatewayId };
      newTunnels.set(tenant.name, await makeTunnelOf(second, `tunnel-${tenant.name}-2`));
      await page.getByRole('link', { name: `tunnel-${tenant.name}-2` }).waitFor();
    }
    for (const { tenant, page } of windows) {
      for (const Action of lists) expect([Action, (await callIn(page, Action, {})).Error]).toEqual([Action, undefined]);
      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByRole('link', { name: `gateway-${tenant.name}` }).waitFor();
      await page.getByRole('link', { name: 'Keys' }).click();
      await page.getByText(tenant.options.credential.secretId).first().waitFor();
      await page.getByRole('link', { name: 'Webhooks' }).click();
      await page.getByText(`https://hook-${tenant.name}.example.com/`).waitFor();
      await page.getByRole('link', { name: 'Muted findings' }).click();
      await page.getByText(`mute-${tenant.name}`).waitFor();
      await page.getByRole('link', { name: 'Tunnels', exact: true }).click();
      await page.getByRole('link', { name: `tunnel-${tenant.name}`, exact: true }).click();
      await page
        .getByRole('listitem')
        .filter({ hasText: `event-${tenant.name}` })
        .waitFor();
    }
    for (const { tenant, stranger, noted } of windows) {
      const [capture, tunnel] = [captures, newTunnels].map((made) => made.get(tenant.name) ?? '');
      // What is looked for is what can be found: one's own is there.
      for (const word of [capture, tunnel, ...ownWords(tenant)]) expect(noted('answer')).toContain(word);
      expect(noted('event')).toContain(tenant.tunnel);
      expect(noted('page')).toContain(`tunnel-${tenant.name}`);
      const others = [captures, newTunnels].map((made) => made.get(stranger.name) ?? '');
      const forbidden = [...others, ...ownWords(stranger), `mute-${stranger.name}`, `hook-${stranger.name}`];
      for (const source of ['answer', 'event', 'page'] as const) {
        const all = noted(source);
        expect([source, forbidden.filter((word) => all.includes(word))]).toEqual([source, []]);
      }
    }
    // Nor does it help to know the ids.
    for (const { stranger, page } of windows) {
      const PacketCaptureId = captures.get(stranger.name);
      const SecretId = stranger.options.credential.secretId;
      for (const [Action, Parameters] of [
        ['ResetVpnConnection', { VpnGatewayId: stranger.gateway, VpnConnectionId: stranger.tunnel }],
        ['DescribeTunnelHistory', { ResourceId: stranger.tunnel }],
        ['DescribeTimeline', { ResourceId: stranger.tunnel }],
        ['DescribePlan', { ResourceId: stranger.gateway }],
        ['DescribePacketCaptureContent', { PacketCaptureId }],
        ['DeletePacketCapture', { PacketCaptureId }],
        ['UnmuteFinding', { VpnConnectionId: stranger.tunnel, Code: 'ike-dh-group-differs' }],
        ['RotateAccessKey', { SecretId }],
        ['DeleteAccessKey', { SecretId }],
        ['DescribeAccessKeys', {}],
      ] as const) {
        const { Error: error } = await callIn(page, Action, Parameters);
        expect([Action, error?.Code]).toEqual([Action, expect.stringMatching(/NotFound|UnauthorizedOperation/)]);
      }
      await page.goto(`/console/tunnels/${stranger.tunnel}`);
      await page.getByText(`There is no tunnel ${stranger.tunnel}`).waitFor();
    }
  });

  it('one of whom leaves, and the other stays', async () => {
    const [carl, dora] = [await makeTenant('carl', '198.51.100.43'), await makeTenant('dora', '198.51.100.44')];
    await signInTo(shown.page, carl.options.credential);
    await signInTo(other.page, dora.options.credential);
    const row = other.page.getByRole('row').filter({ hasText: 'tunnel-dora' });
    await row.waitFor();
    await shown.page.getByRole('row').filter({ hasText: 'tunnel-carl' }).waitFor();
    await shown.page.getByRole('button', { name: 'Sign out' }).click();
    await shown.page.getByText('You are signed out.').waitFor();
    expect(await shown.page.content()).not.toContain('tunnel-carl');
    setUp(dora.tunnel, true);
    await row.getByText('up, unproven').waitFor();
    await other.page.getByRole('status').filter({ hasText: 'live' }).waitFor();
    expect((await callIn(shown.page, 'DescribeVpnConnections', {})).Error?.Code).toMatch(/^AuthFailure/);
    expect((await callIn(other.page, 'DescribeVpnConnections', {})).Error).toBeUndefined();
  });
});
