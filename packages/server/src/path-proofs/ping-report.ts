import { isIpAddress, type IpAddress } from '@landbridge/net';
import { proofBounds, type IcmpRefusal, type ProofDelay } from '../domain/operator/path-proof.ts';

/** What one run of ping(8) says. */
export interface PingReport {
  readonly sent: number;
  readonly answered: number;
  /** The most that were not answered in a row. */
  readonly longestLoss: number;
  readonly delay: ProofDelay | null;
  readonly refusals: readonly IcmpRefusal[];
}

const answerLine = /^\d+ bytes from ([\d.]+): icmp_seq=(\d+) .*time[=<]([\d.]+) ms/;
const refusalLine = /^From ([\d.]+):? icmp_seq=\d+ (.+)$/;
const sentLine = /^(\d+) packets transmitted/m;
const longestMessage = 80;

/** As iputils words it, with addresses as numbers. Throws where it did not come to its end. */
export function readPingReport(text: string, destination: IpAddress): PingReport {
  const [, sent] = sentLine.exec(text) ?? [];
  if (sent === undefined) throw new Error(`ping did not come to its end: ${text.trim().slice(-200)}`);
  const lines = text.split('\n');
  const delays = new Map<number, number>();
  for (const line of lines) {
    const [, from, sequence = '', ms] = answerLine.exec(line) ?? [];
    // Of answers that come twice the first one counts.
    if (from === destination && !delays.has(Number(sequence))) delays.set(Number(sequence), Number(ms));
  }
  const answered = [...delays.values()];
  return {
    ...{ sent: Number(sent), answered: answered.length, longestLoss: longestLoss([...delays.keys()], Number(sent)) },
    ...{ delay: delayOf(answered), refusals: refusalsIn(lines) },
  };
}

/** @param answered numbers of requests, from 1 on; answers overtake each other. */
function longestLoss(answered: readonly number[], sent: number): number {
  const inTurn = [0, ...answered.toSorted((one, other) => one - other), sent + 1];
  return Math.max(...inTurn.slice(1).map((sequence, index) => sequence - (inTurn[index] ?? 0) - 1));
}

function delayOf(delays: readonly number[]): ProofDelay | null {
  if (delays.length === 0) return null;
  const sum = delays.reduce((total, ms) => total + ms, 0);
  const meanMs = Math.round((sum / delays.length) * 1000) / 1000;
  return { leastMs: Math.min(...delays), meanMs, mostMs: Math.max(...delays) };
}

function refusalsIn(lines: readonly string[]): IcmpRefusal[] {
  const found = new Map<string, IcmpRefusal>();
  for (const line of lines) {
    const [, from = '', words = ''] = refusalLine.exec(line) ?? [];
    if (!isIpAddress(from)) continue;
    const message = words.slice(0, longestMessage);
    const key = `${from} ${message}`;
    const before = found.get(key)?.packets ?? 0;
    if (before === 0 && found.size === proofBounds.refusals) continue;
    found.set(key, { from: from as IpAddress, message, packets: before + 1 });
  }
  return [...found.values()];
}
