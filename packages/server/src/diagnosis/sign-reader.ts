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
  readonly sender: string;
}

const nothing: PacketContext = { exchange: null, received: null, ownIdentity: null, peerIdentity: null };
/** What charon calls an IKE_SA that has no connection yet. */
const unnamed = '(unnamed)';
const mostThreads = 256;
const mostConnections = 4096;

/**
 * Lines before a connection is chosen carry no name: charon tells the packet's sender on the same thread just before, and after it
 * what the packet holds.
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

  read({ thread, ikeSaName: said, text }: LogLine): Clue | null {
    const ikeSaName = said === unnamed ? undefined : said;
    this.#follow(thread, ikeSaName, text);
    const sign = readSign(text);
    if (sign === null) return null;
    if (sign.kind === 'not-sent' && ikeSaName === undefined) return this.#notSent(sign, text);
    const packet = this.#packets.get(thread);
    return {
      ...{ sign, line: text, ikeSaName: ikeSaName ?? null, packet: packet ?? nothing },
      remoteAddress: 'remoteAddress' in sign ? sign.remoteAddress : (packet?.sender ?? null),
      remotePort: (ikeSaName === undefined ? undefined : this.#ports.get(ikeSaName)) ?? null,
    };
  }

  /** One thread sends for all of them, in the order in which they say so, and has no name for what it sends. */
  #notSent(sign: CharonSign, line: string): Clue {
    const ikeSaName = this.#sentFor;
    this.#sentFor = null;
    return { sign, line, ikeSaName, packet: nothing, remoteAddress: null, remotePort: null };
  }

  #follow(thread: number, name: string | undefined, text: string): void {
    const sender = /^received packet: from (\S+?)\[\d+\]/.exec(text)?.[1];
    if (sender !== undefined) {
      if (this.#packets.size >= mostThreads) this.#packets.clear();
      this.#packets.set(thread, { ...nothing, sender });
      this.#onHeard(sender);
      return;
    }
    const port = /^sending packet: from \S+ to \S+\[(\d+)\]/.exec(text)?.[1];
    if (port !== undefined) this.#sentFor = name ?? null;
    if (port !== undefined && name !== undefined) {
      if (this.#ports.size >= mostConnections) this.#ports.clear();
      this.#ports.set(name, Number(port));
      return;
    }
    const packet = this.#packets.get(thread);
    const news = packet === undefined ? null : readContext(text);
    if (packet !== undefined && news !== null) this.#packets.set(thread, { ...packet, ...news });
  }
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
