import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { auditBounds, type AuditEvent, type AuditSelection } from '../domain/operator/audit-event.ts';
import { systemClock } from '../platform/clock.ts';
import { mostLookedAt } from './audit-log.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';

let root: string;
let store: Store;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-audit-'));
  store = await openStore({ dataDir: join(root, 'data'), clock: systemClock, logger: pino({ level: 'silent' }) });
});
afterEach(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

const event = (number: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
  ...{ at: number, accountId: 'tenant', secretId: 'AKID1', service: 'vpc', action: 'CreateVpc', region: 'r' },
  ...{ remoteAddress: '127.0.0.1', requestId: `request-${number}`, resources: ['vpc-00000001'], code: '', count: 1 },
  ...{ changes: [], isCut: false, ...more },
});
const events = (count: number, more: Partial<AuditEvent> = {}) =>
  Array.from({ length: count }, (_, number) => event(number, more));
const everything: AuditSelection = {
  ...{ accountId: undefined, beforeId: undefined, since: undefined, until: undefined, secretId: undefined },
  ...{ action: undefined, resourceId: undefined, requestId: undefined, outcome: undefined, limit: 1_000_000 },
};

/** All pages, and how many there were. */
async function all(selection: Partial<AuditSelection>) {
  const found = [];
  for (let [beforeId, pages]: [number | undefined, number] = [undefined, 1]; ; pages++) {
    const page = await store.audit.page({ ...everything, ...selection, beforeId });
    found.push(...page.events);
    if (page.nextBeforeId === null) return { found, pages };
    beforeId = page.nextBeforeId;
  }
}

test(
  'what is refused never pushes out what was changed, nor one account another one',
  { timeout: 30_000 },
  async () => {
    await store.audit.append(events(10));
    await store.audit.append(events(5, { accountId: 'other', code: 'LimitExceeded' }));
    await store.audit.append(events(auditBounds.refusedPerAccount + 300, { code: 'LimitExceeded' }));
    const { found } = await all({});
    const count = (accountId: string, isRefused: boolean) =>
      found.filter((one) => one.accountId === accountId && (one.code !== '') === isRefused).length;
    expect([count('tenant', false), count('tenant', true), count('other', true)]).toEqual([
      10,
      auditBounds.refusedPerAccount,
      5,
    ]);
    expect(found[0]).toMatchObject({ at: auditBounds.refusedPerAccount + 299, accountId: 'tenant' });
  },
);

test('a question looks at so many and no more, and says where to go on', { timeout: 30_000 }, async () => {
  await store.audit.append([event(-1, { action: 'DeleteVpc' }), ...events(mostLookedAt + 10)]);
  const first = await store.audit.page({ ...everything, action: 'DeleteVpc' });
  expect(first.events).toEqual([]);
  expect(first.nextBeforeId).toEqual(expect.any(Number));
  const { found, pages } = await all({ action: 'DeleteVpc' });
  expect([found.map(({ at }) => at), pages]).toEqual([[-1], 2]);
});

test('events are found by what they say', async () => {
  const [one, other] = [event(1, { resources: ['vpnx-00000001', 'vpngw-00000001'] }), event(2, { secretId: 'AKID2' })];
  await store.audit.append([one, other, event(3, { code: 'LimitExceeded' })]);
  const at = async (selection: Partial<AuditSelection>) => (await all(selection)).found.map((found) => found.at);
  expect(await at({ resourceId: 'vpngw-00000001' })).toEqual([1]);
  for (const resourceId of ['vpngw-0000000', 'vpn', '%', '_', '"', '']) expect(await at({ resourceId })).toEqual([]);
  expect(await at({ secretId: 'AKID2' })).toEqual([2]);
  expect(await at({ requestId: 'request-3' })).toEqual([3]);
  expect(await at({ outcome: 'refused' })).toEqual([3]);
  expect(await at({ outcome: 'succeeded', limit: 1 })).toEqual([2, 1]);
  expect(await at({ since: 2, until: 3 })).toEqual([2]);
  expect((await all({ requestId: 'request-1' })).found[0]).toMatchObject(one);
});
