import type { Reply } from '../../calls/call.ts';

export type Line = Reply<'DescribeTimeline'>['LineSet'][number];

/** A message of IKE, as charon's log tells of it. */
export interface Message {
  readonly id: string;
  readonly time: string;
  readonly from: 'us' | 'peer';
  /** `IKE_SA_INIT request 0`. */
  readonly name: string;
  /** `SA KE No`. */
  readonly payloads: string;
  /** What charon said of it then. */
  readonly remarks: readonly string[];
}

const shape = /^ENC (parsed|generating) ((\S+) (?:request|response) \d+) \[ ?(.*?) ?\]$/;

/** Of a peer that is set up; what follows later renews SAs or asks whether it is alive. */
const setUp = ['IKE_SA_INIT', 'IKE_INTERMEDIATE', 'IKE_AUTH', 'ID_PROT', 'AGGRESSIVE', 'TRANSACTION', 'QUICK_MODE'];

/** The messages of the last negotiation from its beginning; none: no beginning is among the lines. @param lines the oldest first. */
export function lastNegotiation(lines: readonly Line[]): readonly Message[] {
  const messages = messagesOf(lines);
  let start = messages.findLastIndex(begins);
  // The peer asked to begin again, with another group or a cookie.
  while (start >= 2 && /\bN\((INVAL_KE|COOKIE)\)/.test(messages[start - 1]?.payloads ?? '')) start -= 2;
  return start < 0 ? [] : messages.slice(start);
}

function begins({ name, payloads }: Message): boolean {
  return /^(IKE_SA_INIT|ID_PROT|AGGRESSIVE) request/.test(name) && /(^| )SA( |$)/.test(payloads);
}

function messagesOf(lines: readonly Line[]): readonly Message[] {
  const messages: Message[] = [];
  // What is said after a message that is left out is said of that one.
  let isLeftOut = false;
  for (const { LineId, Time, Text } of lines) {
    const [whole, how, name = '', exchange = '', payloads = ''] = shape.exec(Text) ?? [];
    if (whole === undefined) {
      if (!isLeftOut) addRemark(messages, Text);
      continue;
    }
    isLeftOut = !setUp.includes(exchange) && !isRefusal(exchange, payloads);
    if (isLeftOut) continue;
    messages.push({ id: LineId, time: Time, from: how === 'parsed' ? 'peer' : 'us', name, payloads, remarks: [] });
  }
  return messages;
}

/** Told apart from probes of IKEv1's dead peer detection, which are notifies as well. */
function isRefusal(exchange: string, payloads: string): boolean {
  return exchange.startsWith('INFORMATIONAL') && /N\((?!DPD)/.test(payloads);
}

function addRemark(messages: Message[], text: string): void {
  const last = messages.at(-1);
  const said = /^(?:IKE|CFG) (.+)$/.exec(text)?.[1];
  if (last === undefined || said === undefined) return;
  messages[messages.length - 1] = { ...last, remarks: [...last.remarks, said] };
}
