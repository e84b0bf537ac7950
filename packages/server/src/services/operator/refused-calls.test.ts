import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../domain/operator/audit-event.ts';
import { RefusedCalls, type RefusedCall } from './refused-calls.ts';

const call = (more: Partial<RefusedCall> = {}): RefusedCall => ({
  ...{ at: 1, accountId: 'tenant', secretId: 'AKID1', service: 'vpc', action: 'CreateVpc', region: 'r' },
  ...{ remoteAddress: '127.0.0.1', requestId: 'q', resources: [], code: 'LimitExceeded', ...more },
});

function setUp(append: (events: readonly AuditEvent[]) => Promise<void>) {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  return { lines, refused: new RefusedCalls({ append }, logger) };
}

test('a flood is a bounded number of events, whoever makes it, and none is left uncounted', async () => {
  const written: AuditEvent[] = [];
  const { refused } = setUp((events) => Promise.resolve(void written.push(...events)));
  for (let number = 0; number < 10_000; number++) {
    refused.note(call({ action: `Action${number}` }));
    refused.note(call({ accountId: '', secretId: `AKID${number}` }));
  }
  refused.note(call({ accountId: 'other' }));
  await refused.flush();
  const of = (accountId: string) => written.filter((event) => event.accountId === accountId);
  expect([of('tenant').length, of('').length, of('other').length]).toEqual([101, 21, 1]);
  for (const accountId of ['tenant', '']) {
    expect(of(accountId).reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  }
  await refused.flush();
  expect(written).toHaveLength(123);
});

test('what cannot be written is said in the log, and the next is written', async () => {
  let isBroken = true;
  const written: AuditEvent[] = [];
  const { refused, lines } = setUp((events) => {
    if (isBroken) return Promise.reject(new Error('the disk is full'));
    return Promise.resolve(void written.push(...events));
  });
  refused.note(call());
  await refused.flush();
  expect(lines.join('')).toContain('the disk is full');
  isBroken = false;
  refused.note(call({ code: 'ResourceInUse' }));
  await refused.flush();
  expect(written).toMatchObject([{ code: 'ResourceInUse', count: 1 }]);
});
