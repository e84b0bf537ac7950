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

/** What a run of messages is for. */
export type PartKind = 'set-up' | 'child-renewed' | 'child-added' | 'ike-renewed';

export interface Part {
  readonly kind: PartKind;
  /** One at least. */
  readonly messages: readonly Message[];
}

const shape = /^ENC (parsed|generating) ((\S+) (?:request|response) \d+) \[ ?(.*?) ?\]$/;

/** Of a peer that is set up, and of SAs that are renewed. What else is said, such as whether the peer is alive, is none of it. */
const exchanges = new Set([
  ...['IKE_SA_INIT', 'IKE_INTERMEDIATE', 'IKE_AUTH', 'CREATE_CHILD_SA'],
  ...['ID_PROT', 'AGGRESSIVE', 'TRANSACTION', 'QUICK_MODE'],
]);

/** The last negotiation from its beginning, and what followed it. @param lines the oldest first; where they have no beginning, what they have is told. */
export function lastNegotiation(lines: readonly Line[]): readonly Part[] {
  const messages = messagesOf(lines);
  let start = messages.findLastIndex(begins);
  // The peer asked to begin again, with another group or a cookie.
  while (start >= 2 && /\bN\((INVAL_KE|COOKIE)\)/.test(messages[start - 1]?.payloads ?? '')) start -= 2;
  return partsOf(messages.slice(Math.max(0, start)));
}

/** Its beginning is among them. */
export function hasBeginning(parts: readonly Part[]): boolean {
  return parts[0]?.kind === 'set-up';
}

function begins({ name, payloads }: Message): boolean {
  return /^(IKE_SA_INIT|ID_PROT|AGGRESSIVE) request/.test(name) && hasPayload(payloads, 'SA');
}

function hasPayload(payloads: string, name: string): boolean {
  return payloads.split(' ').includes(name);
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
    isLeftOut = !exchanges.has(exchange) && !isEndOrRefusal(exchange, payloads);
    if (isLeftOut) continue;
    messages.push({ id: LineId, time: Time, from: how === 'parsed' ? 'peer' : 'us', name, payloads, remarks: [] });
  }
  return messages;
}

/** Told apart from probes of IKEv1's dead peer detection, which are notifies as well. */
function isEndOrRefusal(exchange: string, payloads: string): boolean {
  return exchange.startsWith('INFORMATIONAL') && (/N\((?!DPD)/.test(payloads) || hasPayload(payloads, 'D'));
}

function addRemark(messages: Message[], text: string): void {
  const last = messages.at(-1);
  const said = /^(?:IKE|CFG) (.+)$/.exec(text)?.[1];
  if (last === undefined || said === undefined) return;
  messages[messages.length - 1] = { ...last, remarks: [...last.remarks, said] };
}

/** Each request that begins something new begins a part. */
function partsOf(messages: readonly Message[]): readonly Part[] {
  const parts: { kind: PartKind; messages: Message[] }[] = [];
  for (const message of messages) {
    const current = parts.at(-1);
    const kind = kindBegun(message, current);
    // What ends or refuses something that is not told says nothing.
    if (current === undefined && kind === null) continue;
    if (kind === null) current?.messages.push(message);
    else parts.push({ kind, messages: [message] });
  }
  return parts;
}

/** Null: it goes on with what there is. */
function kindBegun(message: Message, current: Part | undefined): PartKind | null {
  const { name, payloads } = message;
  if (begins(message)) return current === undefined || !isBegunAgain(current) ? 'set-up' : null;
  if (name.startsWith('CREATE_CHILD_SA request')) return kindOfChild(payloads);
  if (!name.startsWith('QUICK_MODE request') || !/(^| )HASH SA\b/.test(payloads)) return null;
  // The first one of IKEv1 is part of what sets the peer up.
  return current?.kind === 'set-up' && !current.messages.some(isQuickMode) ? null : 'child-renewed';
}

function isBegunAgain({ kind, messages }: Part): boolean {
  return kind === 'set-up' && /\bN\((INVAL_KE|COOKIE)\)/.test(messages.at(-1)?.payloads ?? '');
}

function isQuickMode({ name }: Message): boolean {
  return name.startsWith('QUICK_MODE');
}

/** RFC 7296 section 1.3: what renews an IKE_SA is for no traffic, what renews a CHILD_SA names it. */
function kindOfChild(payloads: string): PartKind {
  if (/\bN\(REKEY_SA\)/.test(payloads)) return 'child-renewed';
  return hasPayload(payloads, 'TSi') ? 'child-added' : 'ike-renewed';
}

/** Something was made by it. */
export function isComplete({ messages }: Part): boolean {
  return messages.some(({ remarks }) => remarks.some((remark) => madeBy.test(remark)));
}

const madeBy = /\bCHILD_SA \S+ established|\bIKE_SA \S+ rekeyed/;
