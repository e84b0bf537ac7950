import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NewEvent } from '../../../domain/operator/event.ts';
import { startHarness, type ApiHarness, type TestCredential } from '../../../../testing/api-harness.ts';
import { makeGateway, makeKey, makePeer, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let tenant: TestCredential;
let tunnel: string;
beforeEach(async () => {
  api = await startHarness({ allowedNetworks: ['127.0.0.0/8'] });
  tenant = await makeKey(api, 'tenant');
  const gateway = await makeGateway(api, await makeVpc(api));
  tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.7'));
});
afterEach(() => api.close());

const as = (credential: TestCredential) => ({ credential, service: 'landbridge' as const });
const admin = { service: 'landbridge' as const };
const gatewayOfCcn = { VpcId: '', Type: 'CCN', VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 };

describe('webhooks', () => {
  it('are told of findings of their account alone, signed by the secret that was shown once', async () => {
    const heard: { readonly url: string; readonly body: string; readonly signature: string }[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const signature = String(request.headers['landbridge-signature']);
        heard.push({ url: request.url ?? '', body, signature });
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const Url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/own`;
      const { WebhookId, Secret } = await api.operate('CreateWebhook', { Url });
      const theirs = await api.call('CreateWebhook', { Url: Url.replace('own', 'theirs') }, as(tenant));
      expect(Secret).toMatch(/^[0-9a-f]{64}$/);
      const gateway = await api.succeed('CreateVpnGateway', gatewayOfCcn, { credential: tenant });
      const event = (resourceId: string, message: string): NewEvent => ({
        resourceId: resourceId as `vpnx-${string}`,
        ...{ kind: 'finding-raised', message, at: Date.now() },
      });
      const events = [event(tunnel, 'why'), event(gateway.VpnGateway.VpnGatewayId, 'theirs')];
      const numbered = events.map((each, index) => ({ number: index + 1, event: each }));
      await api.services.events.keep({ series: 's', events: numbered });
      await vi.waitFor(() => expect(heard).toHaveLength(2));
      // Whatever else was on its way has come by then.
      await api.services.events.keep({ series: 's', events: [{ number: 3, event: event(tunnel, 'again') }] });
      await vi.waitFor(() => expect(heard).toHaveLength(3));
      const told = heard.map(({ url, body }) => [url, (JSON.parse(body) as { Message: string }).Message]).sort();
      expect(told).toEqual([
        ['/own', 'again'],
        ['/own', 'why'],
        ['/theirs', 'theirs'],
      ]);
      for (const { url, body, signature } of heard) {
        const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
        expect(Number(seconds)).toBe(Math.floor(api.clock.now() / 1000));
        const secret = String(url === '/own' ? Secret : theirs['Secret']);
        expect(digest).toBe(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
      }
      const { WebhookSet, TotalCount } = await api.operate('DescribeWebhooks');
      expect(TotalCount).toBe(1);
      expect(WebhookSet).toMatchObject([{ WebhookId, Url, LastError: '' }]);
      expect(JSON.stringify(WebhookSet)).not.toContain(Secret);
      expect(api.logLines.join('\n')).not.toContain(Secret);
      await api.operate('DeleteWebhook', { WebhookId });
      expect(await api.operate('DescribeWebhooks')).toMatchObject({ TotalCount: 0 });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('of others are not there, and none leads to where only the host is heard', async () => {
    const { WebhookId } = await api.operate('CreateWebhook', { Url: 'https://alerts.example.com/' });
    await refused('DeleteWebhook', { WebhookId }, 'ResourceNotFound', as(tenant));
    await refused('CreateWebhook', { Url: 'https://10.0.0.1/' }, 'InvalidParameterValue');
    await refused('CreateWebhook', { Url: 'ftp://alerts.example.com/' }, 'InvalidParameterValue');
    await Promise.all(Array.from({ length: 9 }, () => api.operate('CreateWebhook', { Url: 'https://a.example.com/' })));
    await refused('CreateWebhook', { Url: 'https://a.example.com/' }, 'LimitExceeded');
  });

  it('are removed by a key with a policy about them', async () => {
    const [one, other] = await Promise.all(
      ['https://a.example.com/', 'https://b.example.com/'].map((Url) => api.operate('CreateWebhook', { Url })),
    );
    const Policy = { Statements: [{ Access: 'write', Resources: [one!['WebhookId']] }] };
    const bounded = as(await makeKey(api, 'admin', { Policy }));
    await refused('DeleteWebhook', { WebhookId: other!['WebhookId'] }, 'UnauthorizedOperation', bounded);
    expect(await api.call('DeleteWebhook', { WebhookId: one!['WebhookId'] }, bounded)).not.toHaveProperty('Error');
  });
});

describe('findings', () => {
  const finding = () => ({ VpnConnectionId: tunnel, Code: 'pre-shared-key-differs' });

  it('are muted until an instant, or until they are gone, and told of again', async () => {
    const Until = new Date(api.clock.now() + 60_000).toISOString();
    await api.operate('MuteFinding', { ...finding(), Reason: 'being mended', Until });
    await api.operate('MuteFinding', { ...finding(), Code: 'esp-not-received', Reason: 'known' });
    const { FindingMuteSet } = await api.operate('DescribeFindingMutes');
    expect(FindingMuteSet).toMatchObject([
      { Code: 'esp-not-received', Reason: 'known', Until: null },
      { Code: 'pre-shared-key-differs', Reason: 'being mended', Until },
    ]);
    await api.operate('UnmuteFinding', finding());
    expect(await api.operate('DescribeFindingMutes')).toMatchObject({ TotalCount: 1 });
    await api.succeed('DeleteVpnConnection', { VpnConnectionId: tunnel, VpnGatewayId: gatewayOf() });
    expect(await api.operate('DescribeFindingMutes')).toMatchObject({ TotalCount: 0 });
  });

  it('of others are not there, and no mute ends before it begins', async () => {
    await refused('MuteFinding', { ...finding(), Reason: 'r' }, 'ResourceNotFound', as(tenant));
    await refused('UnmuteFinding', finding(), 'ResourceNotFound');
    await refused('MuteFinding', { ...finding(), Reason: 'r', Until: '2020-01-01T00:00:00Z' }, 'InvalidParameterValue');
  });
});

function gatewayOf(): string {
  return api.rows.vpnConnections.get(tunnel)!.vpnGatewayId;
}

async function refused(action: string, parameters: object, code: string, options: object = admin): Promise<void> {
  const { Code } = await api.fail(action, parameters, options);
  expect(Code).toBe(code);
}
