import type { WireTimelineLine } from '@landbridge/catalogue/operator/timelines';
import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import type { Client } from '@landbridge/client/client';
import { describe, expect, it } from 'vitest';
import { lineText } from './line-text.ts';
import { lastChange, openFindings, readStory } from './read-story.ts';
import { tellStory } from './tell-story.ts';

const id = 'vpnx-office00';
const start = new Date(2026, 10, 22, 2, 30, 0).getTime();

const finding = (Code: string): WireFinding => ({
  ...{ Code, Severity: 'error', Layer: 'ike-auth', Field: 'PreShareKey', ResourceId: id, Ours: null, Theirs: null },
  ...{ Causes: [], Evidence: [], Since: '2026-11-22T02:30:00.000Z', Summary: `${Code} in words.` },
  ...{ FixHere: 'Set the key.', FixThere: '' },
});

let count = 0;
const line = (
  seconds: number,
  Kind: WireTimelineLine['Kind'],
  Text: string,
  more: Partial<WireTimelineLine> = {},
): WireTimelineLine => ({
  ...{
    LineId: `recorded-${++count}`,
    Time: new Date(start + seconds * 1000).toISOString(),
    ResourceId: id,
    Kind,
    Text,
  },
  ...{ State: Kind === 'state' ? (Text.split(':')[0] ?? '') : '', Finding: null, IsFirst: false, IsOver: false },
  ...more,
});
const found = (seconds: number, Code: string, IsOver = false) =>
  line(seconds, 'finding', Code, { Finding: finding(Code), IsOver });

/** Answers as the service does, of these lines. */
function serviceWith(lines: readonly WireTimelineLine[], health: object[] = []): Pick<Client, 'call'> {
  const call = (name: string, asked: Readonly<Record<string, unknown>>) => {
    if (name === 'DescribeTunnelHealth') return Promise.resolve({ TunnelHealthSet: health });
    const {
      From = '',
      To = '9',
      Kinds,
      Order,
    } = asked as { From?: string; To?: string; Kinds?: string[]; Order: string };
    const fitting = lines.filter(
      ({ Time, Kind }) => Time >= From && Time < To && (Kinds === undefined || Kinds.includes(Kind)),
    );
    const LineSet = Order === 'newest-first' ? fitting.reverse() : fitting;
    return Promise.resolve({ LineSet, PaginationToken: '', IsLast: true });
  };
  return { call } as unknown as Pick<Client, 'call'>;
}

const night = [
  line(-3600, 'state', 'up', { IsFirst: true }),
  line(55, 'audit', 'vpc:ModifyVpnConnectionAttribute by AKID1; changed vpnx-office00: keyDigest'),
  line(60, 'state', 'negotiating'),
  line(61, 'ike', 'NET sending packet: from 1 to 2'),
  line(61, 'ike', 'IKE received AUTHENTICATION_FAILED notify error'),
  line(62, 'state', 'down: the peer refused our key.'),
  found(62, 'pre-shared-key-differs'),
  line(90, 'ike', 'IKE initiating IKE_SA vpnx-office00@0123456789ab[2] to 198.51.100.1'),
  line(120, 'ike', 'IKE initiating IKE_SA vpnx-office00@0123456789ab[3] to 198.51.100.1'),
  // The agent is started anew, and finds the same.
  line(200, 'state', 'down: the peer refused our key.', { IsFirst: true }),
  found(201, 'pre-shared-key-differs'),
  found(600, 'pre-shared-key-differs', true),
  line(600, 'state', 'negotiating'),
  line(603, 'state', 'up'),
];
const at = (seconds: number) => ({ from: start + seconds * 1000, to: start + (seconds + 60) * 1000 });
const told = async (seconds: number) =>
  tellStory(await readStory(serviceWith(night), id, at(seconds), start + 7_200_000), (text) =>
    text.replaceAll(/vpnx-office00(@\w+)?/g, 'office'),
  );

describe('the story of a tunnel', () => {
  it('while it was down: since when, why, what led to it, what was tried, when it came back', async () => {
    const [head, ...rest] = await told(300);
    expect(head).toMatch(/^office \(vpnx-office00\) at .*02:35:59 was down, since 02:31:02 \(4 min 57 s\)$/);
    expect(rest).toEqual([
      '  the peer refused our key.',
      'error pre-shared-key-differs: pre-shared-key-differs in words.',
      '  here: Set the key.',
      'What led to it:',
      '  02:30:55  audit     vpc:ModifyVpnConnectionAttribute by AKID1; changed office: keyDigest',
      '  02:31:00  state     negotiating',
      '  02:31:01  ike       IKE received AUTHENTICATION_FAILED notify error',
      '  02:31:02  finding   pre-shared-key-differs: pre-shared-key-differs in words.',
      'Since then (2 times negotiated anew):',
      '  02:32:00  ike       IKE initiating IKE_SA office[3] to 198.51.100.1',
      'Afterwards:',
      '  02:40:00  state     negotiating',
      '  02:40:03  state     up',
    ]);
  });

  it('before and after it', async () => {
    const [before] = await told(-60);
    expect(before).toContain('was up, since 01:30:00');
    expect((await told(-60)).join('\n')).not.toContain('pre-shared-key-differs');
    const after = await told(1200);
    expect(after[0]).toContain('was up, since 02:40:03');
    expect(after.at(-1)).toBe('It has not changed since.');
    expect(after.join('\n')).not.toContain('error ');
  });

  it('of a time of which nothing is kept is what came first after it', async () => {
    expect(await told(-7200)).toEqual([
      expect.stringContaining('was in no state that is known: nothing is kept of that time'),
      'Afterwards:',
      '  01:30:00  state     up',
    ]);
  });

  it('now is what its health is now', async () => {
    const Since = new Date(Date.now() - 5500).toISOString();
    const health = [{ State: 'check-failed', Reason: 'no answer', Since, FindingSet: [finding('esp-not-received')] }];
    const story = await readStory(serviceWith(night, health), id, null, start + 7_200_000);
    const [head, ...rest] = tellStory(story, (text) => text);
    expect(head).toMatch(/^vpnx-office00 is check-failed, since \S+ \(5 s\)$/);
    // What was written down last had no reason, or another one.
    expect(rest.slice(0, 2)).toEqual(['  no answer', 'error esp-not-received: esp-not-received in words.']);
  });
});

it('the change is where the state began, not where it was told again', () => {
  const newestFirst = night.toReversed().filter(({ Time }) => Time < new Date(start + 300_000).toISOString());
  expect(lastChange(newestFirst)?.Text).toBe('down: the peer refused our key.');
  expect(Date.parse(lastChange(newestFirst)?.Time ?? '')).toBe(start + 62_000);
  expect(lastChange([])).toBeNull();
});

it('what was found before the agent was started anew counts only where it is found again', () => {
  const lines = [found(0, 'one'), found(1, 'two'), line(100, 'state', 'up', { IsFirst: true }), found(101, 'two')];
  expect(openFindings(lines.toReversed()).map(({ Code }) => Code)).toEqual(['two']);
});

it('names stand where people read them, and not in commands', () => {
  const named = (text: string) => text.replaceAll(id, 'my office');
  expect(lineText(line(0, 'event', `${id} is up`), id, named)).toEqual(['event     my office is up']);
  expect(lineText(line(0, 'plan', `plan\nnft add chain from-${id}`), id, named)).toEqual([
    'plan      plan',
    `    nft add chain from-${id}`,
  ]);
});
