import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  defaultRecorderBounds,
  type NewLine,
  type RecordedKind,
  type RecorderAnswer,
  type RecordedSelection,
} from '../../../domain/operator/timeline.ts';
import type { VpnConnectionId, VpnGatewayId } from '../../../domain/resource-id.ts';
import { LineStore } from '../../../recorder/line-store.ts';
import { StandingClock, startHarness, type ApiHarness, type TestCredential } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';

/** DescribeTimeline of service `landbridge`, on a real file of the recorder. */
let folder: string;
let store: LineStore;
let clock: StandingClock;
let api: ApiHarness;
let gateway: VpnGatewayId;
let tunnel: VpnConnectionId;
let problem = '';
beforeEach(async () => {
  problem = '';
  folder = mkdtempSync(join(tmpdir(), 'landbridge-timeline-'));
  store = new LineStore(join(folder, 'recorder.db'), defaultRecorderBounds);
  clock = new StandingClock();
  const recorded = (selection: RecordedSelection): Promise<RecorderAnswer> =>
    Promise.resolve(problem === '' ? { page: store.page(selection) } : { problem });
  api = await startHarness({ recorded, clock });
  gateway = (await makeGateway(api, await makeVpc(api))) as VpnGatewayId;
  tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
  clock.advance(1000);
});
afterEach(async () => {
  await api.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function record(text: string, kind: RecordedKind = 'state', more: Partial<NewLine> = {}): void {
  clock.advance(1000);
  const line = { subject: tunnel, kind, text, detail: null, ...more };
  store.append([{ ...line, holder: gateway, at: clock.now(), detail: line.detail ?? null }]);
}

interface Line {
  readonly LineId: string;
  readonly Kind: string;
  readonly Text: string;
  readonly Time: string;
}

interface Page {
  readonly LineSet: Line[];
  readonly PaginationToken: string;
  readonly IsLast: boolean;
}

async function read(parameters: object = {}, credential: TestCredential = api.admin): Promise<Page> {
  const asked = { ResourceId: tunnel, Order: 'oldest-first', ...parameters };
  return (await api.operate('DescribeTimeline', asked, { credential })) as unknown as Page;
}

async function textsOf(parameters: object = {}): Promise<string[]> {
  return (await read(parameters)).LineSet.map(({ Text }) => Text);
}

async function account(AccountName: string, more: object = {}): Promise<TestCredential> {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName, ...more });
  return { secretId: String(SecretId), secretKey: String(SecretKey) };
}

const refusal = async (parameters: object, credential: TestCredential) =>
  (await api.fail('DescribeTimeline', { ResourceId: tunnel, ...parameters }, { credential, service: 'landbridge' }))
    .Code;

describe('a timeline', () => {
  it('merges what was recorded with older events and with calls, in either order and by kind', async () => {
    const event = (number: number, message: string) => ({
      number,
      event: { resourceId: tunnel, kind: 'tunnel-up' as const, message, at: clock.now() },
    });
    await api.services.events.keep({ series: 'a', events: [event(1, 'before the recorder')] });
    record('down', 'state', { detail: { state: 'down', isFirst: false } });
    // The recorder has it as well.
    await api.services.events.keep({ series: 'a', events: [event(2, 'recorded too')] });
    record('tunnel-up: recorded too', 'event');
    const all = ['tunnel-up: before the recorder', 'down', 'tunnel-up: recorded too'];
    expect((await textsOf()).filter((text) => !text.startsWith('vpc:'))).toEqual(all);
    const [first = ''] = await textsOf();
    expect(first).toMatch(/^vpc:CreateVpnConnection by AKID.* from 127\.0\.0\.1$/);
    const newest = await textsOf({ Order: 'newest-first' });
    expect(newest).toEqual([...(await textsOf())].reverse());
    expect(await textsOf({ Kinds: ['state'] })).toEqual(['down']);
    expect(await textsOf({ Kinds: ['event'], ResourceId: gateway })).toEqual([all[0], all[2]]);
    const { LineSet } = await read({ Kinds: ['state'] });
    expect(LineSet).toMatchObject([{ State: 'down', IsFirst: false, Finding: null, ResourceId: tunnel }]);
  });

  it('of a gateway has its own lines beside those of its tunnels, and those of a tunnel have none of the gateway’s', async () => {
    record('no IKE config found', 'ike', { subject: gateway });
    record('up');
    record('route-switched: 10.1.0.0/24', 'event', { subject: gateway });
    const Kinds = ['ike', 'state', 'event'];
    expect(await textsOf({ ResourceId: gateway, Kinds })).toEqual([
      ...['no IKE config found', 'up', 'route-switched: 10.1.0.0/24'],
    ]);
    expect(await textsOf({ Kinds })).toEqual(['up']);
  });

  it('goes on page by page, and at the end with what comes later', async () => {
    for (const text of ['1', '2', '3', '4', '5']) record(text, 'ike');
    for (const Order of ['oldest-first', 'newest-first']) {
      const whole = (await read({ Order })).LineSet;
      const ids: string[] = [];
      let token = '';
      for (let page: Page | undefined; page?.IsLast !== true; token = page.PaginationToken) {
        page = await read({ Order, Limit: 2, PaginationToken: token });
        ids.push(...page.LineSet.map(({ LineId }) => LineId));
      }
      expect(ids).toEqual(whole.map(({ LineId }) => LineId));
      expect(new Set(ids).size).toBe(ids.length);
      record('later', 'ike');
      const more = (await read({ Order, PaginationToken: token })).LineSet.map(({ Text }) => Text);
      expect(more).toEqual(Order === 'oldest-first' ? ['later'] : []);
    }
    for (const PaginationToken of ['W10', 'word', Buffer.from('[1,-1,null]').toString('base64url')]) {
      expect(await refusal({ PaginationToken }, api.admin)).toBe('InvalidParameterValue');
    }
  });

  it('is not over while older calls were not looked at, and tells them in their place', async () => {
    record('down');
    const whole = (await read({ Order: 'newest-first' })).LineSet.map(({ LineId }) => LineId);
    const { audit } = api.store;
    const page = audit.page.bind(audit);
    let looks = 0;
    vi.spyOn(audit, 'page').mockImplementation((selection) => {
      looks += 1;
      // As where thousands of calls are about others.
      return looks <= 8 ? Promise.resolve({ events: [], nextBeforeId: 1_000_000 - looks }) : page(selection);
    });
    const first = await read({ Order: 'newest-first' });
    expect(first.IsLast).toBe(false);
    const ids = first.LineSet.map(({ LineId }) => LineId);
    for (let last = first; !last.IsLast;) {
      last = await read({ Order: 'newest-first', PaginationToken: last.PaginationToken });
      ids.push(...last.LineSet.map(({ LineId }) => LineId));
    }
    expect(ids).toEqual(whole);
    expect(whole.some((id) => id.startsWith('audit-'))).toBe(true);
  });

  it('is bounded by time', async () => {
    record('early', 'ike');
    const early = new Date(clock.now()).toISOString();
    record('late', 'ike');
    const late = new Date(clock.now()).toISOString();
    expect(await textsOf({ From: early, To: late })).toEqual(['early']);
    expect(await textsOf({ From: late })).toEqual(['late']);
    expect(await refusal({ From: 'yesterday' }, api.admin)).toBe('InvalidParameterValue.Malformed');
  });

  it('tells findings in the language of the call, and none that have no words here', async () => {
    const finding = {
      code: 'pre-shared-key-differs',
      object: tunnel,
      ours: null,
      theirs: null,
      evidence: [],
      since: 0,
    };
    record('found', 'finding', { detail: { finding, isGone: false } as NewLine['detail'] & object });
    record('later', 'finding', { detail: { finding: { ...finding, code: 'of-later' }, isGone: true } as never });
    const asked = { ResourceId: tunnel, Kinds: ['finding'], Order: 'oldest-first' };
    const summary = async (language: string) => {
      const { LineSet } = await api.operate('DescribeTimeline', asked, { language });
      return (LineSet as { Finding: { Summary: string } | null; IsOver: boolean }[]).map(({ Finding, IsOver }) => [
        Finding?.Summary,
        IsOver,
      ]);
    };
    expect(await summary('zh-CN')).not.toEqual(await summary('en-US'));
    expect((await summary('en-US'))[1]).toEqual([undefined, true]);
  });

  it('is none where the agent cannot be asked, and that is said', async () => {
    problem = 'the agent is not there';
    const error = await api.fail('DescribeTimeline', { ResourceId: tunnel }, { service: 'landbridge' });
    expect(error).toMatchObject({ Code: 'ResourceUnavailable' });
    expect(error.Message).toContain('the agent is not there');
  });
});

describe('who reads a timeline', () => {
  it('is the account that has the resource, and an administrator', async () => {
    record('secret', 'ike');
    const stranger = await account('stranger');
    for (const ResourceId of [tunnel, gateway, 'host']) {
      expect(await refusal({ ResourceId }, stranger)).toBe('ResourceNotFound');
    }
    expect(await refusal({ ResourceId: 'vpnx-notthere' }, api.admin)).toBe('ResourceNotFound');
    expect((await read({ ResourceId: 'host' })).LineSet).toEqual([]);
  });

  it('is, of a VPC or CCN, its own account as well, and nobody who only shares it', async () => {
    const [owner, guest] = [await account('owner'), await account('guest')];
    const as = { credential: owner };
    const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' }, as);
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'v', CidrBlock: '10.7.0.0/16' }, { credential: guest });
    const Instances = [{ InstanceType: 'VPC', InstanceId: Vpc.VpcId, InstanceRegion: 'test-1' }];
    const CcnUin = api.rows.ccns.get(Ccn.CcnId)!.accountId;
    await api.succeed('AttachCcnInstances', { CcnId: Ccn.CcnId, CcnUin, Instances }, { credential: guest });
    await api.succeed('AcceptAttachCcnInstances', { CcnId: Ccn.CcnId, Instances }, as);
    for (const [subject, own, other] of [
      [Ccn.CcnId, owner, guest],
      [Vpc.VpcId, guest, owner],
    ] as const) {
      record(`plan of ${subject}`, 'plan', { subject });
      const asked = { ResourceId: subject, Kinds: ['plan'] };
      for (const credential of [own, api.admin])
        expect((await read(asked, credential)).LineSet.map(({ Text }) => Text)).toEqual([`plan of ${subject}`]);
      expect(await refusal(asked, other)).toBe('ResourceNotFound');
    }
  });

  it('is, of what is gone, the account whose calls made it', async () => {
    const owner = await account('owner');
    const stranger = await account('stranger');
    const as = { credential: owner };
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'v', CidrBlock: '10.7.0.0/16' }, as);
    const made = { VpcId: Vpc.VpcId, VpnGatewayName: 'g', InternetMaxBandwidthOut: 100 };
    const { VpnGateway } = await api.succeed('CreateVpnGateway', made, as);
    const id = VpnGateway.VpnGatewayId;
    record('its story', 'state', { subject: id });
    // Whoever names it in a call that is refused has not made it.
    await api.fail('DeleteVpnGateway', { VpnGatewayId: id }, { credential: stranger });
    await api.refusedCalls.flush();
    api.apply(id);
    await api.succeed('DeleteVpnGateway', { VpnGatewayId: id }, as);
    expect(api.rows.vpnGateways.get(id)).toBeUndefined();
    const asked = { ResourceId: id, Kinds: ['state'] };
    expect((await read(asked, owner)).LineSet.map(({ Text }) => Text)).toEqual(['its story']);
    expect((await read(asked)).LineSet.map(({ Text }) => Text)).toEqual(['its story']);
    expect(await refusal(asked, stranger)).toBe('ResourceNotFound');
  });

  it('sees calls only where its key may see them', async () => {
    record('down');
    const Policy = { Statements: [{ Access: 'read', Actions: ['landbridge:DescribeTimeline'] }] };
    const bounded = await account('admin', { Policy });
    const kinds = (page: Page) => new Set(page.LineSet.map(({ Kind }) => Kind));
    expect(kinds(await read({}))).toEqual(new Set(['audit', 'state']));
    expect(kinds(await read({}, bounded))).toEqual(new Set(['state']));
  });
});
