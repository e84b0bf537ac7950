import { readFileSync } from 'node:fs';
import type { ApiHarness, TestCredential } from '@landbridge/server/testing/api-harness';
import { sampleCapacity } from '@landbridge/server/testing/sample-capacity';
import { makeGateway, makeKey, makePeer, makeTunnel, makeVpc } from '@landbridge/server/testing/sample-resources';
import { patience } from '@landbridge/testbed/poll';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { useConsole } from './use-console.ts';

// Keys, policies, webhooks, muted findings and the host, in Debian's Chromium before the real server and a real store.

const shown = useConsole();
let api: ApiHarness;
let page: Page;
beforeEach(() => {
  ({ api, page } = shown);
});

const { signIn, heading, axeViolations } = shown;
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
/** What nobody may see again once it was shown. */
const shownAs = (name: string): Locator => dialog().locator('div', { hasText: name }).locator('code').first();

/** Closes what shows a secret once; the page has it no longer when it is closed. */
async function keepSecret(): Promise<void> {
  await button('I have kept it').click();
  // One that is closed has no role any more, and may be in the page for a moment.
  await page.locator('dialog').waitFor({ state: 'detached' });
}

const psk = 'CanaryPreSharedKey-71c0de';

async function makeNamedTunnel(name: string, address: string) {
  const gateway = await makeGateway(api, await makeVpc(api), { VpnGatewayName: `gateway of ${name}` });
  const peer = await makePeer(api, address);
  const id = await makeTunnel(api, gateway, peer, { VpnConnectionName: name, PreShareKey: psk });
  return { id, gateway };
}

/** Every string in the memory of the page's scripts, after a collection of garbage. */
async function scriptMemory(): Promise<string> {
  const debugging = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  debugging.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void chunks.push(chunk));
  await debugging.send('HeapProfiler.enable');
  await debugging.send('HeapProfiler.collectGarbage');
  await debugging.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await debugging.detach();
  return chunks.join('');
}

const storage = () =>
  page.evaluate<string>(
    `(async () => JSON.stringify([
      document.cookie, { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys(), history.state, location.href,
    ]))()`,
  );

async function keyIsValid(credential: TestCredential): Promise<boolean> {
  const { Error } = await api.call('DescribeVpcs', {}, { credential });
  return Error === undefined;
}

describe('keys', { timeout: 120_000 * patience }, () => {
  it('makes a key whose secret is shown once, and is nowhere in the page afterwards', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await signIn('/console/keys');
    await heading('Keys').waitFor();
    await button('New key …').click();
    await dialog().getByLabel('Account').fill('tenant');
    await dialog().getByText('There is no such account yet').waitFor();
    await dialog().getByLabel('Policy', { exact: true }).selectOption('Look at everything, but at no pre-shared keys');
    expect(await axeViolations()).toEqual([]);
    await button('Make the key').click();
    await dialog().getByText('This is shown once.').waitFor();
    expect(await axeViolations()).toEqual([]);
    const secretId = (await shownAs('SecretId').textContent()) ?? '';
    const secretKey = (await shownAs('SecretKey').textContent()) ?? '';
    expect(await keyIsValid({ secretId, secretKey })).toBe(true);
    await button('Copy SecretKey').click();
    await page.getByText('SecretKey is copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secretKey);
    const downloading = page.waitForEvent('download');
    await button('Download as a file').click();
    const file = await downloading;
    expect(file.suggestedFilename()).toBe(`${secretId}.json`);
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toEqual({ secretId, secretKey });
    // What is looked for can be found this way.
    expect((await scriptMemory()).includes(secretKey)).toBe(true);
    expect(await page.content()).toContain(secretKey);
    await keepSecret();
    await page.locator('dialog').waitFor({ state: 'detached' });
    const row = page.getByRole('row').filter({ hasText: secretId });
    await row.getByText('Look at everything, but at no pre-shared keys').waitFor();
    expect(await page.content()).not.toContain(secretKey);
    expect(await storage()).not.toContain(secretKey);
    const memory = await scriptMemory();
    expect([memory.includes(secretId), memory.includes(secretKey)]).toEqual([true, false]);
    expect(await axeViolations()).toEqual([]);
  });

  it('shows what the service has against a policy at its field, and takes a better one', async () => {
    await signIn('/console/keys');
    await button('New key …').click();
    await dialog().getByLabel('Account').fill('jsons');
    await dialog().getByLabel('Policy', { exact: true }).selectOption('Something else, as JSON');
    const json = dialog().getByLabel('The policy as JSON');
    await json.fill('{"Statements":');
    await button('Make the key').click();
    await dialog().getByText('A JSON object is expected').waitFor();
    await json.fill('{"Statements": [{"Access": "read", "Actions": ["Describe Vpcs"]}]}');
    await button('Make the key').click();
    await dialog().getByText('`Policy.Statements').waitFor();
    expect(await json.getAttribute('aria-invalid')).toBe('true');
    const said = await page.locator(`[id="${await json.getAttribute('aria-describedby')}"]`).textContent();
    expect(said).toMatch(/Policy\.Statements\S* .*RequestId [0-9a-f-]{36}/);
    expect(api.rows.accounts.all().map(({ name }) => name)).not.toContain('jsons');
    await json.fill(
      '{"Statements": [{"Access": "write", "Actions": ["vpc:Describe*"], "Tags": [{"Key": "a", "Value": "b"}]}]}',
    );
    await dialog().getByLabel('Policy', { exact: true }).selectOption('Something else, by a form');
    expect(await dialog().getByLabel('Only these Actions').inputValue()).toBe('vpc:Describe*');
    await dialog().getByLabel('Only objects with these tags').fill('team=net');
    await button('Make the key').click();
    await keepSecret();
    const row = page.getByRole('row').filter({ hasText: 'jsons' });
    await row.getByText('look and change: vpc:Describe* · only with the tags team=net').waitFor();
  });

  it('changes, switches off, rotates and deletes a key', async () => {
    const credential = await makeKey(api, 'changing');
    const { secretId } = credential;
    await signIn('/console/keys?filter=changing');
    const row = () => page.getByRole('row').filter({ hasText: secretId });
    expect(await keyIsValid(credential)).toBe(true);
    await button(`Change … ${secretId}`).click();
    await dialog().getByLabel('Policy', { exact: true }).selectOption('Nothing: the key is switched off');
    await button('Change it').click();
    await row().getByText('Nothing: the key is switched off').waitFor();
    expect(await keyIsValid(credential)).toBe(false);
    await button(`Change … ${secretId}`).click();
    await dialog().getByLabel('Calls a second').fill('50');
    await button('Change it').click();
    await row().getByText('50', { exact: true }).waitFor();
    // What was not touched is as it was.
    expect(await keyIsValid(credential)).toBe(false);
    await button(`Change … ${secretId}`).click();
    await dialog().getByLabel('Policy', { exact: true }).selectOption('All that its account may');
    await button('Change it').click();
    await row().getByText('All that its account may').waitFor();
    expect(await keyIsValid(credential)).toBe(true);
    await button(`Rotate … ${secretId}`).click();
    await dialog().getByLabel('The old key stays valid for').selectOption('1 h');
    await button('Make the new key').click();
    await keepSecret();
    await row().getByText('in 59 min').waitFor();
    expect(await page.getByRole('row').count()).toBe(3);
    await button(`Delete … ${secretId}`).click();
    await dialog().getByText('refused at once').waitFor();
    await button('Delete it').click();
    await row().waitFor({ state: 'detached' });
    expect(await keyIsValid(credential)).toBe(false);
  });

  it('warns who deletes the key of his session, and signs him out', async () => {
    const credential = await makeKey(api, 'admin');
    await signIn(`/console/keys?filter=${credential.secretId}`, credential);
    const row = page.getByRole('row').filter({ hasText: credential.secretId });
    await row.getByText('this session').waitFor();
    await button(`Rotate … ${credential.secretId}`).click();
    const ends = await dialog().getByRole('option').allTextContents();
    expect(ends).not.toContain('not at all: it ends now');
    await button('Cancel').click();
    await button(`Delete … ${credential.secretId}`).click();
    await dialog().getByText('you will be signed out at once').waitFor();
    await button('Delete it').click();
    await page.getByText('was deleted or has expired').waitFor();
  });

  it('gives a tenant his own key alone: to rotate it, and for temporary credentials', async () => {
    const credential = await makeKey(api, 'self-service');
    await signIn('/console/keys', credential);
    await page.getByText('The key of this session').waitFor();
    expect(await page.content()).not.toContain(api.admin.secretId);
    expect(await button('New key …').count()).toBe(0);
    await button('Temporary credentials …').click();
    await dialog().getByLabel('Valid for').selectOption('15 min');
    await button('Make them').click();
    await dialog().getByText('This is shown once.').waitFor();
    const [secretId = '', secretKey = '', token = ''] = await dialog().locator('dd code').allTextContents();
    expect(await keyIsValid({ secretId, secretKey, token })).toBe(true);
    await keepSecret();
    await button('Rotate …').click();
    await dialog().getByText('which ends when the old key does').waitFor();
    await button('Make the new key').click();
    await dialog().getByText('This is shown once.').waitFor();
    const [newId = '', newKey = ''] = await dialog().locator('dd code').allTextContents();
    expect(await keyIsValid({ secretId: newId, secretKey: newKey })).toBe(true);
    await keepSecret();
    expect(await page.content()).not.toContain(newKey);
    expect(await axeViolations()).toEqual([]);
  });

  it('refuses at the place what a read-only policy does not allow', async () => {
    const Policy = { Statements: [{ Access: 'read' }] };
    const { id } = await makeNamedTunnel('Emden', '198.51.100.20');
    await signIn('/console/keys', await makeKey(api, 'admin', { Policy }));
    await button('New key …').click();
    await dialog().getByLabel('Account').fill('more');
    await button('Make the key').click();
    await dialog().getByRole('alert').filter({ hasText: 'does not allow `CreateAccessKey`' }).waitFor();
    expect(await dialog().getByRole('alert').textContent()).toMatch(/RequestId [0-9a-f-]{36}/);
    await button('Cancel').click();
    await page.goto(`/console/tunnels/${id}`);
    await button('Reset …').click();
    await button('Reset now').click();
    await dialog().getByRole('alert').filter({ hasText: 'does not allow `ResetVpnConnection`' }).waitFor();
  });

  it('makes a webhook whose secret is shown once, and deletes it', async () => {
    await signIn('/console/keys');
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByText('Nobody is told yet.').waitFor();
    await button('New webhook …').click();
    await dialog().getByLabel('URL').fill('http://10.1.2.3/hook');
    await button('Make the webhook').click();
    const wrong = dialog().getByText('is an address of the host or of a private network');
    await wrong.waitFor();
    expect(await dialog().getByLabel('URL').getAttribute('aria-describedby')).toBe(await wrong.getAttribute('id'));
    await dialog().getByLabel('URL').fill('https://alerts.example.com/vpn');
    await button('Make the webhook').click();
    await dialog().getByText('This is shown once.').waitFor();
    const [id = '', secret = ''] = await dialog().locator('dd code').allTextContents();
    await keepSecret();
    const row = page.getByRole('row').filter({ hasText: id });
    await row.getByText('https://alerts.example.com/vpn').waitFor();
    expect(await page.content()).not.toContain(secret);
    expect(await axeViolations()).toEqual([]);
    await button(`Delete … ${id}`).click();
    await button('Delete it').click();
    await page.getByText('Nobody is told yet.').waitFor();
    await page.goBack();
    await page.getByLabel('Filter by id').waitFor();
  });

  it('mutes a finding where it is shown, and tells of it again', async () => {
    const { id } = await makeNamedTunnel('Kiel', '198.51.100.21');
    const since = api.clock.now();
    const found = { object: id, code: 'ike-dh-group-differs', ours: 'GROUP14', theirs: 'GROUP2' } as const;
    api.observed.recordFindings(id, 'negotiation', [{ ...found, evidence: ['NO_PROPOSAL_CHOSEN'], since }]);
    await signIn(`/console/tunnels/${id}`);
    const card = page.getByRole('article').filter({ hasText: 'ike-dh-group-differs' });
    await card.getByRole('button', { name: 'Mute … ike-dh-group-differs' }).click();
    await dialog().getByLabel('Reason').fill('the peer is being replaced');
    await dialog().getByLabel('How long').selectOption('4 h');
    expect(await axeViolations()).toEqual([]);
    await button('Mute it').click();
    await card.getByText('the peer is being replaced').waitFor();
    const [mute] = api.rows.findingMutes.all();
    expect(Math.round(((mute?.until ?? 0) - api.clock.now()) / 60_000)).toBe(240);
    await page.goto('/console/keys/mutes');
    const row = page.getByRole('row').filter({ hasText: 'ike-dh-group-differs' });
    await row.getByText('the peer is being replaced').waitFor();
    await row.getByRole('link', { name: 'Kiel' }).waitFor();
    expect(await axeViolations()).toEqual([]);
    await row.getByRole('button', { name: 'Tell of it again' }).click();
    await page.getByText('No finding is muted.').waitFor();
    expect(api.rows.findingMutes.all()).toEqual([]);
  });
});

describe('the host', { timeout: 60_000 * patience }, () => {
  it('shows its operator plans that wait or fail, and a plan without secrets', async () => {
    const { id, gateway } = await makeNamedTunnel('Jever', '198.51.100.22');
    await signIn('/console/host');
    await page.getByText('0.0.0-test').waitFor();
    await page.getByText('7 ms at most in the last minute').waitFor();
    await page.getByText(/\d+ of \d+ free/).waitFor();
    const row = page.getByRole('row').filter({ hasText: gateway });
    // The tunnel came after its gateway was applied.
    await row.getByText('waiting, for').waitFor();
    const appliedGeneration = api.image.generation;
    const outcome = { key: gateway, appliedGeneration, at: api.clock.now() } as const;
    api.observed.recordOutcome({ ...outcome, error: 'charon does not answer' });
    await row.getByText('charon does not answer').waitFor();
    api.observed.recordOutcome({ ...outcome, error: null });
    await row.getByText('applied').waitFor();
    expect(await axeViolations()).toEqual([]);
    await row.getByRole('link', { name: 'gateway of Jever' }).click();
    await heading('Plan of gateway of Jever').waitFor();
    await unfold('charon');
    await unfold('connections');
    await unfold(`1 · ${id}`);
    await page.getByText('198.51.100.22').first().waitFor();
    expect(await page.content()).not.toContain(psk);
    expect(await axeViolations()).toEqual([]);
    await page.getByRole('link', { name: 'Back to the host' }).click();
    await page.getByRole('link', { name: 'The plan of the host' }).click();
    await heading('Plan of Host').waitFor();
  });

  it('tells how many more gateways and tunnels it carries, and what ends first', async () => {
    const measured = { vpnGateways: api.rows.vpnGateways.size(), vpnConnections: api.rows.vpnConnections.size() };
    api.observed.recordCapacity({ ...sampleCapacity, measuredAt: api.clock.now(), measured });
    try {
      await signIn('/console/host');
      await page.getByText('3 more', { exact: true }).waitFor();
      await page.getByText('memory of the host: 689 MiB of 1024 MiB are taken').waitFor();
      await page.getByText('20 more', { exact: true }).waitFor();
      expect(await axeViolations()).toEqual([]);
    } finally {
      api.observed.recordCapacity(null);
    }
  });

  it('is not a tenant’s', async () => {
    await signIn('/console/host', await makeKey(api, 'no-operator'));
    await page.getByText('shown to the operator of this service alone').waitFor();
    expect(await page.getByText('0.0.0-test').count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
  });

  it('speaks Chinese, in the dark and on a phone, as the keys do', async () => {
    page = await shown.openAs({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' });
    await signIn('/console/host');
    for (const [path, name] of [
      ['/console/host', '主机'],
      ['/console/keys', '密钥'],
      ['/console/keys/webhooks', '密钥'],
      ['/console/keys/mutes', '密钥'],
    ] as const) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.getByText('正在加载').waitFor({ state: 'detached' });
      expect([path, await page.evaluate('document.documentElement.scrollWidth > innerWidth')]).toEqual([path, false]);
      expect([path, await axeViolations()]).toEqual([path, []]);
    }
    await page.goto('/console/keys');
    await page.getByRole('button', { name: '新建密钥……' }).click();
    await page.getByLabel('策略', { exact: true }).selectOption('自定义（表单）');
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(await axeViolations()).toEqual([]);
  });
});

async function unfold(name: string): Promise<void> {
  await page.locator('summary').filter({ hasText: name }).first().click();
}
