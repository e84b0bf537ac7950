import type { CharonEventOf } from '@landbridge/vici';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { connectionIdOf } from '../drivers/named-connection.ts';
import { explainEnd, explainLogLine } from './reason.ts';

type LogLine = Pick<CharonEventOf<'log'>, 'thread' | 'ikeSaName' | 'text'>;

interface ThreadContext {
  readonly remoteAddress: string;
  received: string | null;
  configured: string | null;
}

const maxThreads = 256;

/**
 * The newest reason per connection. Lines before a connection was chosen carry no name; charon logs the packet's sender
 * on the same thread just before, and that tells whose attempt it is.
 */
export class ReasonBook {
  readonly #reasons = new Map<VpnConnectionId, string>();
  readonly #threads = new Map<number, ThreadContext>();
  readonly #idsByRemoteAddress: (address: string) => readonly VpnConnectionId[];

  constructor(idsByRemoteAddress: (address: string) => readonly VpnConnectionId[]) {
    this.#idsByRemoteAddress = idsByRemoteAddress;
  }

  /** True when a connection got a new reason. */
  note(line: LogLine): boolean {
    this.#follow(line);
    const explanation = explainLogLine(line.text);
    if (explanation === null) return this.#noteEnd(line);
    const reason = `${explanation}${describeProposals(line.text, this.#threads.get(line.thread))}`;
    return this.#take(reason, this.#idsOf(line));
  }

  get(id: VpnConnectionId): string | null {
    return this.#reasons.get(id) ?? null;
  }

  set(id: VpnConnectionId, reason: string): void {
    this.#reasons.set(id, reason);
  }

  /** It came up: what was wrong before says nothing any more. */
  clear(id: VpnConnectionId): void {
    this.#reasons.delete(id);
  }

  #take(reason: string, ids: readonly VpnConnectionId[]): boolean {
    const news = ids.filter((id) => this.#reasons.get(id) !== reason);
    for (const id of news) this.#reasons.set(id, reason);
    return news.length > 0;
  }

  #noteEnd(line: LogLine): boolean {
    const reason = explainEnd(line.text);
    if (reason === null) return false;
    const unexplained = this.#idsOf(line).filter((id) => !this.#reasons.has(id));
    return this.#take(reason, unexplained);
  }

  #follow({ thread, text }: LogLine): void {
    const sender = /^received packet: from (\S+?)\[\d+\]/.exec(text)?.[1];
    if (sender !== undefined) {
      if (this.#threads.size >= maxThreads) this.#threads.clear();
      this.#threads.set(thread, { remoteAddress: sender, received: null, configured: null });
      return;
    }
    const context = this.#threads.get(thread);
    if (context === undefined) return;
    const proposals = /^(received|configured) proposals: (.*)$/.exec(text);
    if (proposals?.[1] === 'received') context.received = proposals[2] ?? null;
    if (proposals?.[1] === 'configured') context.configured = proposals[2] ?? null;
  }

  #idsOf({ ikeSaName, thread }: LogLine): readonly VpnConnectionId[] {
    const id = ikeSaName === undefined ? null : connectionIdOf(ikeSaName);
    if (id !== null) return [id];
    const context = this.#threads.get(thread);
    return context === undefined ? [] : this.#idsByRemoteAddress(context.remoteAddress);
  }
}

function describeProposals(text: string, context: ThreadContext | undefined): string {
  if (!text.includes('proposal') || context?.received == null || context.configured === null) return '';
  return ` It offers ${context.received}; we accept ${context.configured}.`;
}
