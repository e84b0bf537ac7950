import type { Host } from './host.ts';
import { patience } from '@landbridge/testbed/poll';

export interface PingOptions {
  readonly count?: number;
  /** Between requests. */
  readonly intervalSeconds?: number;
  /** Inner payload bytes; with the headers 28 more. */
  readonly size?: number;
  /** Set the don't-fragment bit. */
  readonly dontFragment?: boolean;
  /** How many routers may forward it, and one. */
  readonly timeToLive?: number;
  /** How long the last reply is waited for; less where none shall come. */
  readonly replySeconds?: number;
  /** Source address, when it shall not be the host's own. */
  readonly source?: string;
}

type Pinging = Pick<Host, 'namespace'> & Partial<Pick<Host, 'canary'>>;

export interface PingResult {
  readonly sent: number;
  readonly received: number;
  /** Mean round-trip time in milliseconds; null without replies. */
  readonly meanMs: number | null;
}

/** How the payload of all lab pings begins, so that a capture can tell whether an inner packet went by in clear. */
export const pingCanary = 'landbridge-lab';

/** The others have longer. */
const lastReplySeconds = Math.min(patience, 4);

/** ICMP echo from a host to an address. Never throws for silence. */
export async function ping(from: Pinging, to: string, options: PingOptions = {}): Promise<PingResult> {
  const { stdout, stderr } = await from.namespace.run([
    'ping', '-n', '-q', '-c', String(options.count ?? 1), '-i', String(options.intervalSeconds ?? 0.2), '-W', String(options.replySeconds ?? lastReplySeconds),
    '-p', Buffer.from(from.canary ?? pingCanary).toString('hex'),
    ...(options.size === undefined ? [] : ['-s', String(options.size)]),
    ...(options.dontFragment === true ? ['-M', 'do'] : []),
    ...(options.timeToLive === undefined ? [] : ['-t', String(options.timeToLive)]),
    ...(options.source === undefined ? [] : ['-I', options.source]),
    to,
  ]); // prettier-ignore
  const counts = /(\d+) packets transmitted, (\d+) received/.exec(stdout);
  if (counts === null) throw new Error(`ping ${to} did not run: ${stderr.trim()}`);
  const times = /= [\d.]+\/([\d.]+)\//.exec(stdout);
  return {
    sent: Number(counts[1]),
    received: Number(counts[2]),
    meanMs: times?.[1] === undefined ? null : Number(times[1]),
  };
}
