import type { WireTunnelState } from '@landbridge/catalogue/operator/tunnel-state';
import type { Client } from '@landbridge/client/client';
import type { Moment } from './moment.ts';
import { firstLines, type TimelineLine } from './timeline.ts';

type Finding = NonNullable<TimelineLine['Finding']>;

/** What explains how a tunnel is, or was. */
export interface Story {
  readonly id: string;
  /** Milliseconds since the epoch; null: it is about now. */
  readonly at: number | null;
  /** In one word; empty: not known. */
  readonly stateWord: string;
  /** Why, for people; empty when the word says it all. */
  readonly reason: string;
  /** Milliseconds since the epoch; null: not known. */
  readonly since: number | null;
  /** The line that told it; null: none is kept. */
  readonly state: TimelineLine | null;
  readonly findings: readonly Finding[];
  /** The oldest first: what came before that change. */
  readonly before: readonly TimelineLine[];
  /** The oldest first: what came after it, until then. */
  readonly tried: readonly TimelineLine[];
  /** Attempts to negotiate among these. */
  readonly attempts: number;
  /** The next other state after that, and where that is none yet, the one in which it was up. Empty: it is as it was. */
  readonly afterwards: readonly TimelineLine[];
}

const causes = ['ike', 'sa', 'state', 'finding', 'event', 'audit'] as const;
/** What led to a change came in this time before it: charon gives a silent peer up after 16 s. */
const beforeMs = 60_000;
/** Lines of charon, which says much, and of whatever else is told. */
const mostHandshakes = 8;
const mostOthers = 10;
const mostLooked = 1000;
/** charon's first words after a start come this much before the first look at its SAs. */
const aroundStartMs = 10_000;

/** As of a moment that is over, or of now. */
export async function readStory(
  client: Pick<Client, 'call'>,
  id: `vpnx-${string}`,
  moment: Moment | null,
  now: number,
): Promise<Story> {
  const to = moment?.to ?? now;
  const ask = { subject: id, ...(moment === null ? {} : { to }) };
  const known = await firstLines(client, { ...ask, kinds: ['state', 'finding'], order: 'newest-first' }, mostLooked);
  const state = lastChange(known);
  const changedAt = state === null ? to : Date.parse(state.Time);
  const around = { subject: id, from: changedAt - beforeMs, to: changedAt + 1 };
  const led = await firstLines(client, { ...around, kinds: causes, order: 'newest-first' }, mostLooked);
  const after = { ...ask, from: changedAt + 1, kinds: ['ike', 'sa', 'event', 'audit'] as const };
  const tried = state === null ? [] : await firstLines(client, { ...after, order: 'newest-first' }, mostLooked);
  const afterwards = moment === null ? [] : await laterStates(client, id, to, state);
  const health = moment === null ? await healthOf(client, id) : null;
  return {
    id,
    at: moment === null ? null : to - 1,
    ...(health === null ? asWritten(state) : asTold(health)),
    state,
    findings: health?.FindingSet ?? openFindings(known),
    before: telling(led.filter(({ LineId }) => LineId !== state?.LineId)),
    tried: telling(tried),
    attempts: tried.filter(({ Text }) => /\binitiating (?:IKE_SA|Main Mode|Aggressive Mode)\b/.test(Text)).length,
    afterwards,
  };
}

type StoryState = Pick<Story, 'stateWord' | 'reason' | 'since'>;

function asWritten(state: TimelineLine | null): StoryState {
  if (state === null) return { stateWord: '', reason: '', since: null };
  const [, reason = ''] = /^[a-z-]+: (.*)$/s.exec(state.Text) ?? [];
  return { stateWord: state.State, reason, since: timeOf(state.Time) };
}

/** It may be newer than what was written down. */
function asTold({ State, Reason, Since }: WireTunnelState): StoryState {
  return { stateWord: State, reason: Reason, since: timeOf(Since) };
}

function timeOf(text: string): number | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** Null: there is no such tunnel any more. */
async function healthOf(client: Pick<Client, 'call'>, id: `vpnx-${string}`) {
  const { TunnelHealthSet } = await client.call('DescribeTunnelHealth', { VpnConnectionIds: [id] });
  return TunnelHealthSet[0] ?? null;
}

async function laterStates(
  client: Pick<Client, 'call'>,
  id: `vpnx-${string}`,
  from: number,
  before: TimelineLine | null,
): Promise<TimelineLine[]> {
  const later = await firstLines(client, { subject: id, from, kinds: ['state'], order: 'oldest-first' }, mostLooked);
  // Other words for the same state are no change of it.
  const other = later.find(({ State }) => State !== before?.State);
  if (other === undefined || isUp(other)) return other === undefined ? [] : [other];
  const up = later.slice(later.indexOf(other)).find(isUp);
  return up === undefined ? [other] : [other, up];
}

function isUp({ State }: TimelineLine): boolean {
  return State === 'up' || State === 'up-unproven';
}

/** Since when it has been in the newest state; the newest first. An agent that was started anew changes nothing. */
export function lastChange(newestFirst: readonly TimelineLine[]): TimelineLine | null {
  const states = newestFirst.filter(({ Kind }) => Kind === 'state');
  const [newest] = states;
  if (newest === undefined) return null;
  const other = states.findIndex(({ State }) => State !== newest.State);
  return (other === -1 ? states.at(-1) : states[other - 1]) ?? null;
}

/** What was found and not over; the newest first. */
export function openFindings(newestFirst: readonly TimelineLine[]): Finding[] {
  const open = new Map<string, { readonly finding: Finding; readonly at: number }>();
  for (const { Kind, Time, IsFirst, IsOver, Finding } of newestFirst.toReversed()) {
    const at = Date.parse(Time);
    if (Kind === 'state' && IsFirst) {
      for (const [key, found] of open) if (found.at < at - aroundStartMs) open.delete(key);
    }
    if (Finding === null) continue;
    const key = JSON.stringify([Finding.Code, Finding.ResourceId, Finding.Ours, Finding.Theirs]);
    if (IsOver) open.delete(key);
    else open.set(key, { finding: Finding, at });
  }
  return [...open.values()].map(({ finding }) => finding);
}

/** What explains, of as many lines as a person reads: of what is said again and again the newest. From newest first to oldest first. */
function telling(newestFirst: readonly TimelineLine[]): TimelineLine[] {
  const said = new Set<string>();
  const left = { ike: mostHandshakes, other: mostOthers };
  const chosen = newestFirst.filter(({ Kind, Text }) => {
    const words = Text.replaceAll(/\d+/g, '#');
    const shelf = Kind === 'ike' ? 'ike' : 'other';
    if (said.has(words) || left[shelf] === 0 || (Kind === 'ike' && isAboutPackets.test(Text))) return false;
    said.add(words);
    left[shelf] -= 1;
    return true;
  });
  return chosen.reverse();
}

/** charon's threads, sockets and payloads. */
const isAboutPackets = /^(?:NET|MGR|KNL|ENC) /;
