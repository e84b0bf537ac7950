import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { sampleConnection } from '../../testing/sample-plans.ts';
import { NegotiationDiagnosis } from '../diagnosis/negotiation-diagnosis.ts';
import { longestMessage } from '../domain/operator/event.ts';
import { checkFromAgent, type FromAgent, type OfKind } from './contract.ts';
import { EventSender } from './event-sender.ts';
import { FactSender } from './fact-sender.ts';
import { ReportedState } from './reported-state.ts';

const id = 'vpnx-tunnel01';
const peer = '198.51.100.2';
const logger = pino({ level: 'silent' });

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'landbridge-peer-texts-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What comes of lines of charon's log, as it crosses: whatever is no message here ends the connection for the whole host. */
function crossing(...lines: readonly string[]) {
  const clock = new FakeClock();
  const diagnosis = new NegotiationDiagnosis(() => clock.elapsed());
  const name = `${id}@0123456789ab`;
  diagnosis.setConnections([{ plan: sampleConnection(id), name }]);
  diagnosis.noteSeen(id, { isConnected: false, carrying: [], leftToPeer: [] });
  const heard = `received packet: from ${peer}[500] to 203.0.113.1[500] (464 bytes)`;
  for (const text of [heard, ...lines]) diagnosis.noteLine({ thread: 5, ikeSaName: '(unnamed)', text });
  const said: FromAgent[] = [];
  const say = (message: FromAgent) => void said.push(JSON.parse(JSON.stringify(message)) as FromAgent);
  const reported = new ReportedState(clock, () => undefined);
  const reason = diagnosis.reasonOf(id);
  reported.recordFindings(id, 'negotiation', diagnosis.findingsOf(id, 0));
  const seen = { ikeEstablished: false, children: {}, connected: false, changedAt: clock.now() };
  reported.recordSas(id, { ...seen, lastError: reason });
  new FactSender({ send: say, drained: () => Promise.resolve() }, reported.facts(), clock);
  const events = new EventSender({ folder: { find: () => folder, make: () => folder }, series: 's', clock, logger });
  events.begin(say);
  events.record({ resourceId: id, kind: 'tunnel-down', at: clock.now(), message: reason ?? 'x'.repeat(9000) });
  return { said, reason, findings: diagnosis.findingsOf(id, 0) };
}

async function checked({ said, ...rest }: ReturnType<typeof crossing>) {
  // Facts are sent in a later turn.
  await Promise.resolve();
  await Promise.resolve();
  expect(said.map(({ kind }) => kind).sort()).toEqual(['events', 'facts']);
  for (const message of said) expect(checkFromAgent(message)).toEqual(message);
  return rest;
}

it('a proposal of 300 transforms crosses, and as much of it as there is room for is told', async () => {
  const transforms = Array.from({ length: 300 }, (_, index) => `CIPHER_NUMBER_${1000 + index}`).join('/');
  const { findings, reason } = await checked(
    crossing(
      'parsed IKE_SA_INIT request 0 [ SA KE No ]',
      `received proposals: IKE:${transforms}/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024`,
      'received proposals unacceptable',
    ),
  );
  const { ours, theirs } = findings[0]!;
  expect(findings).toHaveLength(1);
  expect(theirs).toMatch(/^CIPHER-NUMBER-1000 \/ CIPHER-NUMBER-1001 .*…$/);
  expect(theirs).toHaveLength(1000);
  expect(ours).not.toContain('…');
  expect(reason).toContain(`${theirs} there.`);
});

it.each([
  ['remote-identity-differs', (identity: string) => `203.0.113.1[203.0.113.1]...${peer}[${identity}]`],
  ['local-identity-differs', (identity: string) => `203.0.113.1[${identity}]...${peer}[${peer}]`],
])('an identity of 5,000 characters crosses: %s', async (code, sought) => {
  const line = `looking for peer configs matching ${sought('i'.repeat(5000))}`;
  const { findings, reason } = await checked(crossing(line, 'no matching peer config found'));
  expect(findings).toMatchObject([{ code, theirs: `${'i'.repeat(999)}…` }]);
  expect(reason).toContain('…');
});

it('selectors, reasons and addresses of any length cross', async () => {
  const long = 'ab '.repeat(3000);
  for (const line of [
    `traffic selectors ${long} === ${long} unacceptable`,
    `no matching CHILD_SA config found for ${long} === ${long}`,
    `error writing to socket: ${long}`,
    `peer didn't accept DH group MODP_2048, it requested ${'X'.repeat(5000)}`,
    `constraint check failed: identity '${long}' (ID_FQDN) required, not matched by '${long}' (ID_FQDN)`,
    `no IKE config found for 203.0.113.1...${'9'.repeat(5000)}, sending NO_PROPOSAL_CHOSEN`,
  ]) {
    await checked(crossing(line));
  }
});

it('whatever stands in a line crosses, and no character is cut in two', async () => {
  const words = fc.string({ unit: 'binary', minLength: 0, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(words, fc.nat({ max: 400 }), async (word, times) => {
      const identity = word.repeat(times).replaceAll(/[\n\]]/g, '');
      const { findings } = await checked(
        crossing(
          `looking for peer configs matching 203.0.113.1[203.0.113.1]...${peer}[${identity}]`,
          'no matching peer config found',
        ),
      );
      for (const { theirs, evidence } of findings) {
        for (const text of [theirs ?? '', ...evidence]) expect(text.isWellFormed()).toBe(identity.isWellFormed());
      }
    }),
    { numRuns: 50 },
  );
});

it('an event of any length crosses, and one that a former version has kept for the restart', async () => {
  const event = { resourceId: id, kind: 'tunnel-down', at: 1, message: 'y'.repeat(9000) };
  const kept = { series: 'before', number: 1, ageMs: 0, event };
  writeFileSync(join(folder, 'events.json'), JSON.stringify({ writtenAt: 1, events: [kept] }));
  const heard = crossing();
  await checked(heard);
  const [first] = heard.said.filter((message): message is OfKind<FromAgent, 'events'> => message.kind === 'events');
  expect(first?.series).toBe('before');
  expect(first?.events.map(({ event: { message } }) => message)).toEqual([`${'y'.repeat(longestMessage - 1)}…`]);
  rmSync(join(folder, 'events.json'));
  const next = crossing().said.find((message): message is OfKind<FromAgent, 'events'> => message.kind === 'events');
  expect(next?.events[0]?.event.message).toBe(`${'x'.repeat(longestMessage - 1)}…`);
});
