import { patience } from '@landbridge/testbed/poll';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import { makeGateway, makePeer, makeTunnel, makeVpc } from '@landbridge/server/testing/sample-resources';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { useConsole } from './use-console.ts';

// The real page in Debian's Chromium, before the real server and a real store; charon and the agent are played.

const shown = useConsole();
let api: ApiHarness;
let page: Page;
beforeEach(() => {
  ({ api, page } = shown);
});

const { signIn, heading, axeViolations } = shown;

async function makeNamedTunnel(name: string, address: string): Promise<`vpnx-${string}`> {
  const vpc = await makeVpc(api);
  const gateway = await makeGateway(api, vpc, { VpnGatewayName: `gateway of ${name}` });
  const id = await makeTunnel(api, gateway, await makePeer(api, address), { VpnConnectionName: name });
  const route = { DestinationCidrBlock: '192.168.0.0/24', InstanceType: 'VPNCONN', InstanceId: id };
  const Routes = [{ ...route, Priority: 0, Status: 'ENABLE' }];
  await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes });
  return id;
}

/** Plays charon: the peer refuses. */
function refuse(id: `vpnx-${string}`): void {
  const at = api.clock.now();
  const children = { [id]: false };
  api.observed.recordSas(id, {
    ikeEstablished: false,
    children,
    connected: false,
    lastError: 'the peer accepts none of our proposals',
    changedAt: at,
  });
  api.observed.recordFindings(id, 'negotiation', [
    {
      ...{ object: id, code: 'ike-dh-group-differs', ours: 'GROUP14', theirs: 'GROUP2' },
      ...{ evidence: ['NO_PROPOSAL_CHOSEN'], since: at },
    },
  ]);
}

describe('the console', { timeout: 60_000 * patience }, () => {
  it('lets in who has a key, and says so to who has not', async () => {
    await signIn('/console', { ...api.admin, secretKey: 'not the secret' });
    await page.getByRole('alert').filter({ hasText: 'There is no access key' }).waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/RequestId [0-9a-f-]{36}/);
    expect(await page.getByLabel('SecretKey').inputValue()).toBe('');
    expect(await axeViolations()).toEqual([]);
    await page.getByLabel('SecretKey').fill(api.admin.secretKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading('Overview').waitFor();
    const stored = await page.evaluate('JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])');
    expect(stored).toBe('["",{"landbridge-language":"en"},{}]');
    expect(await page.content()).not.toContain(api.admin.secretKey);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    await page.reload();
    await heading('Sign in').waitFor();
  });

  it('shows a tunnel, by itself what becomes of it, and what is wrong with it', async () => {
    const id = await makeNamedTunnel('Berlin', '198.51.100.7');
    await signIn();
    await page.getByRole('link', { name: 'Tunnels', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: 'Berlin' });
    await row.getByText('unknown').waitFor();
    api.connect(id);
    await row.getByText('up, unproven').waitFor();
    refuse(id);
    await row.getByText('refused').waitFor();
    await row.getByText('The IKE DH group').waitFor();
    await row.getByRole('link', { name: 'Berlin' }).click();
    await heading('Berlin').waitFor();
    expect(page.url()).toBe(`${shown.origin}/console/tunnels/${id}`);
    const card = page.getByRole('article');
    expect(await card.textContent()).toContain('GROUP14');
    expect(await card.textContent()).toContain('GROUP2');
    // As the form of the tunnel and the comparison with the peer's file call it.
    await card.getByText('IKE DH group IKEOptionsSpecification.DhGroupName').waitFor();
    await page.getByText('198.51.100.7').waitFor();
    expect(await axeViolations()).toEqual([]);
    await page.goBack();
    await heading('Tunnels').waitFor();
    await page.goBack();
    await heading('Overview').waitFor();
    await page.getByText('The IKE DH group').waitFor();
    expect(await axeViolations()).toEqual([]);
  });

  it('opens where a link leads, after signing in, and follows a filter that is part of it', async () => {
    const id = await makeNamedTunnel('Hamburg', '198.51.100.8');
    await signIn(`/console/tunnels/${id}`);
    await heading('Hamburg').waitFor();
    await page.goto('/console/tunnels?filter=hamburg');
    await page.getByRole('link', { name: 'Hamburg' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.keyboard.press('/');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('no such tunnel');
    await page.getByText('No tunnel fits the filter.').waitFor();
    expect(page.url()).toContain('filter=no+such+tunnel');
    await page.goto('/console/tunnels/vpnx-doesnot0');
    await page.getByText('There is no tunnel vpnx-doesnot0').waitFor();
  });

  it('resets a tunnel once it was said what that does', async () => {
    const id = await makeNamedTunnel('Bremen', '198.51.100.9');
    await signIn(`/console/tunnels/${id}`);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByText('drops the SAs of Bremen').waitFor();
    await page.getByRole('button', { name: 'Reset now' }).click();
    await page.getByText('It was reset.').waitFor();
    const { AuditEventSet } = await api.operate('DescribeAuditEvents', { ResourceId: id });
    expect((AuditEventSet as { readonly ActionName: string }[]).map(({ ActionName }) => ActionName)).toContain(
      'ResetVpnConnection',
    );
  });

  it('says that the agent is not heard, and when the service is not', async () => {
    await signIn();
    await heading('Overview').waitFor();
    api.agent.isHeard = false;
    await page.getByRole('alert').filter({ hasText: 'The agent is not heard' }).waitFor();
    api.agent.isHeard = true;
    await page.getByRole('alert').waitFor({ state: 'detached' });
    shown.allow(/ERR_/);
    await page.route('**/console/*', (route) => route.abort());
    api.app.server.closeAllConnections();
    await page.getByRole('alert').filter({ hasText: 'The service is not heard' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'disconnected' }).waitFor();
    await page.unrouteAll();
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('ends when the key is deleted, and shows nothing of what it showed', async () => {
    const AccountName = api.rows.accounts.all()[0]?.name;
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName });
    await signIn('/console/tunnels', { secretId: String(SecretId), secretKey: String(SecretKey) });
    await heading('Tunnels').waitFor();
    await api.operate('DeleteAccessKey', { SecretId });
    await page.getByText('was deleted or has expired').waitFor();
    expect(await page.getByRole('row').count()).toBe(0);
  });

  it('speaks Chinese, in the dark and on a phone', async () => {
    page = await shown.openAs({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' });
    await page.goto('/console/tunnels');
    await page.getByRole('heading', { name: '登录' }).waitFor();
    await page.getByLabel('SecretId').fill(api.admin.secretId);
    await page.getByLabel('SecretKey').fill(api.admin.secretKey);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('heading', { name: '通道' }).waitFor();
    await page.getByRole('link', { name: 'Berlin' }).waitFor();
    const isWider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(isWider).toBe(false);
    expect(await axeViolations()).toEqual([]);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Tunnels' }).waitFor();
    // What the service says as well.
    await page.getByText('The IKE DH group').waitFor();
  });
});
