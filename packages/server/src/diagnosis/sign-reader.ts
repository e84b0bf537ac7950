import { readSign, type CharonSign } from './charon-sign.ts';
import { parseProposals, type ProposalList } from './transforms.ts';

/** A line of charon's log. */
export interface LogLine {
  readonly thread: number;
  readonly ikeSaName: string | undefined;
  readonly text: string;
}

/** A sign, and what charon said on the same thread since the packet that it is about. */
export interface Clue {
  readonly sign: CharonSign;
  readonly line: string;
  /** Of the connection, once charon has chosen one. */
  readonly ikeSaName: string | null;
  readonly remoteAddress: string | null;
  readonly packet: PacketContext;
  /** To which the connection sent last. */
  readonly remotePort: number | null;
}

export interface PacketContext {
  /** As charon calls it: `IKE_SA_INIT`, `IKE_AUTH`, `CREATE_CHILD_SA`, `ID_PROT`, `AGGRESSIVE`, `QUICK_MODE` … */
  readonly exchange: string | null;
  readonly received: ProposalList | null;
  /** What the peer takes us for, and itself. */
  readonly ownIdentity: string | null;
  readonly peerIdentity: string | null;
}

interface Packet extends PacketContext {
  /** Null: the line that says so is still to come, or it is an earlier one's. */
  readonly sender: string | null;
  /** The line that begins it has come. */
  readonly isBegun: boolean;
  /** And none since that says what message it holds. */
  readonly isNewest: boolean;
  /** What was made of it by lines that may have come before others about the packet. */
  readonly refused: { readonly line: LogLine; readonly sign: CharonSign } | null;
}

const nothing: PacketContext = { exchange: null, received: null, ownIdentity: null, peerIdentity: null };
/** Messages that begin a negotiation: whose thread worked on something else before. */
const beginnings: readonly string[] = ['IKE_SA_INIT', 'ID_PROT', 'AGGRESSIVE'];
/** Signs that say nothing without what the packet holds. */
const ofPackets: readonly CharonSign['kind'][] = ['proposals-unacceptable', 'no-ike-config', 'no-peer-config'];
/** What charon calls an IKE_SA that has no connection yet. */
const unnamed = '(unnamed)';
const mostThreads = 256;
const mostConnections = 4096;

/**
 * Lines before a connection is chosen carry no name: charon tells the packet's sender on the same thread just before, and after it
 * what the packet holds. Now and then a line is overtaken by those that follow it (vici_logger.c takes it from its queue under a lock and sends it
 * without): what completes a packet that was refused already tells its sign once more.
 */
export class SignReader {
  readonly #packets = new Map<number, Packet>();
  readonly #ports = new Map<string, number>();
  readonly #onHeard: (remoteAddress: string) => void;
  /** Whose packet charon was to send last. */
  #sentFor: string | null = null;

  /** @param onHeard a packet came from there. */
  constructor(onHeard: (remoteAddress: string) => void = () => undefined) {
    this.#onHeard = onHeard;
  }

  /** Of the packet that a thread works on; null: not known. */
  senderOf(thread: number): string | null {
    return this.#packets.get(thread)?.sender ?? null;
  }

  read(line: LogLine): Clue | null {
    const { thread, text } = line;
    const isCompleted = this.#follow(line);
    const sign = readSign(text);
    if (sign === null) return isCompleted ? this.#refusedAgain(thread) : null;
    if (sign.kind === 'not-sent' && nameIn(line) === null) return this.#notSent(sign, text);
    const packet = this.#packets.get(thread);
    if (ofPackets.includes(sign.kind)) this.#put(thread, { ...(packet ?? unbegun), refused: { line, sign } });
    return this.#clueOf(line, sign, packet);
  }

  #refusedAgain(thread: number): Clue | null {
    const packet = this.#packets.get(thread);
    const refused = packet?.refused ?? null;
    return refused && this.#clueOf(refused.line, refused.sign, packet);
  }

  #clueOf(line: LogLine, sign: CharonSign, packet: Packet | undefined): Clue {
    const ikeSaName = nameIn(line);
    return {
      ...{ sign, line: line.text, ikeSaName, packet: packet ?? nothing },
      remoteAddress: 'remoteAddress' in sign ? sign.remoteAddress : (packet?.sender ?? null),
      remotePort: (ikeSaName === null ? undefined : this.#ports.get(ikeSaName)) ?? null,
    };
  }

  /** One thread sends for all of them, in the order in which they say so, and has no name for what it sends. */
  #notSent(sign: CharonSign, line: string): Clue {
    const ikeSaName = this.#sentFor;
    this.#sentFor = null;
    return { sign, line, ikeSaName, packet: nothing, remoteAddress: null, remotePort: null };
  }

  /** True when it completes what was told of a packet. */
  #follow(line: LogLine): boolean {
    const { thread, text } = line;
    const sender = /^received packet: from (\S+?)\[\d+\]/.exec(text)?.[1];
    if (sender !== undefined) return this.#begin(thread, sender);
    const port = /^sending packet: from \S+ to \S+\[(\d+)\]/.exec(text)?.[1];
    if (port !== undefined) this.#noteSent(nameIn(line), Number(port));
    const news = port === undefined ? readContext(text) : null;
    return news !== null && this.#add(thread, news);
  }

  /** The packet that a thread has told of without this line, or the next one. */
  #begin(thread: number, sender: string): boolean {
    const packet = this.#packets.get(thread);
    const isLate = packet?.isBegun === false && (packet.sender === null || packet.sender === sender);
    this.#put(thread, { ...(isLate ? packet : unbegun), sender, isBegun: true, isNewest: true });
    this.#onHeard(sender);
    return isLate;
  }

  /** A message that was put together of many packets is told of after the last one, and has the sender of that. */
  #add(thread: number, news: Partial<PacketContext>): boolean {
    const packet = this.#packets.get(thread) ?? unbegun;
    const { exchange = null } = news;
    if (exchange === null || packet.exchange === null) {
      const isNewest = packet.isNewest && exchange === null;
      this.#put(thread, { ...packet, ...news, isNewest });
      return true;
    }
    const isOfSender = packet.isNewest || !beginnings.includes(exchange);
    const sender = isOfSender ? packet.sender : null;
    this.#put(thread, { ...unbegun, ...news, sender, isBegun: packet.isNewest });
    return false;
  }

  #put(thread: number, packet: Packet): void {
    if (this.#packets.size >= mostThreads && !this.#packets.has(thread)) this.#packets.clear();
    this.#packets.set(thread, packet);
  }

  #noteSent(name: string | null, port: number): void {
    this.#sentFor = name;
    if (name === null) return;
    if (this.#ports.size >= mostConnections) this.#ports.clear();
    this.#ports.set(name, port);
  }
}

const unbegun: Packet = { ...nothing, sender: null, isBegun: false, isNewest: false, refused: null };

/** Null: of no connection yet. */
function nameIn({ ikeSaName }: LogLine): string | null {
  return ikeSaName === undefined || ikeSaName === unnamed ? null : ikeSaName;
}

function readContext(text: string): Partial<PacketContext> | null {
  const exchange = /^parsed (\w+) (?:request|response) /.exec(text)?.[1];
  if (exchange !== undefined) return { exchange };
  const proposals = /^received proposals: (.*)$/.exec(text)?.[1];
  if (proposals !== undefined) return { received: parseProposals(proposals) };
  const sought = /^looking for (?:.+ )?peer configs matching \S+?(?:\[(.*?)\])?\.\.\.\S+?\[(.*)\]$/.exec(text);
  if (sought !== null) return { ownIdentity: known(sought[1]), peerIdentity: known(sought[2]) };
  const peerIdentity = /^authentication of '(.*)' with .* successful/.exec(text)?.[1];
  return peerIdentity === undefined ? null : { peerIdentity };
}

function known(identity: string | undefined): string | null {
  return identity === undefined || identity === '%any' ? null : identity;
}
