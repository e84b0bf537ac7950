import type { CharonEvent, CharonEventKind, ChildSa, IkeSa } from '@landbridge/vici';
import type { NewLine } from '../domain/operator/timeline.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { connectionIdOf } from '../drivers/named-connection.ts';

/** Events of charon that lines are made of. */
export const handshakeEvents = [
  'log',
  'ike-updown',
  'ike-rekey',
  'ike-update',
  'child-updown',
  'child-rekey',
] as const satisfies readonly CharonEventKind[];

export interface HandshakeLinesOptions {
  /** The gateway: what no tunnel can be told of is its own. */
  readonly gateway: string;
  /** Whose packet a thread of charon works on: lines before a connection was chosen bear no name. */
  readonly tunnelsOf: (thread: number) => readonly VpnConnectionId[];
  readonly note: (line: NewLine) => void;
}

/** charon prints keys from level 4 on, and what it exchanges from 2: neither is ever asked for, nor kept should somebody do so. */
const mostLevel = 1;

/** What charon says about handshakes and SAs, as lines of the tunnels that it is about. */
export class HandshakeLines {
  readonly #options: HandshakeLinesOptions;

  constructor(options: HandshakeLinesOptions) {
    this.#options = options;
  }

  hear(event: CharonEvent): void {
    if (event.kind === 'log') {
      if (event.level > mostLevel) return;
      const text = `${event.group} ${withoutBytes(event.text)}`;
      this.#note(this.#subjectOf(event.ikeSaName, event.thread), 'ike', text);
      return;
    }
    const { ikeSa, text } = told(event);
    this.#note(this.#subjectOf(ikeSa.name), 'sa', text);
  }

  #note(subject: string, kind: 'ike' | 'sa', text: string): void {
    this.#options.note({ subject, kind, text });
  }

  /** What several tunnels to one address could mean is the gateway's. */
  #subjectOf(ikeSaName: string | undefined, thread?: number): string {
    const { gateway, tunnelsOf } = this.#options;
    const id = ikeSaName === undefined ? null : connectionIdOf(ikeSaName);
    if (id !== null) return id;
    const [only, ...others] = thread === undefined ? [] : tunnelsOf(thread);
    return only === undefined || others.length > 0 ? gateway : only;
  }
}

/** Without what could be a key, whoever printed it: dumps of bytes in hexadecimal. A peer's name of itself controls no terminal. */
function withoutBytes(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, '?')
    .replaceAll(/\b0s[\w+/=]{16,}|\b(?:0x)?[0-9a-f]{24,}\b/gi, '[bytes]')
    .replaceAll(/(?:\b[0-9A-F]{2} ){8,}.*/g, '[bytes]');
}

function told(event: Exclude<CharonEvent, { readonly kind: 'log' }>): { readonly ikeSa: IkeSa; readonly text: string } {
  switch (event.kind) {
    case 'ike-updown': {
      const { ikeSa, isUp } = event;
      return { ikeSa, text: `IKE_SA ${isUp ? `established with ${describeIke(ikeSa)}` : 'ends'} (#${ikeSa.uniqueId})` };
    }
    case 'ike-rekey': {
      const { oldIkeSa, newIkeSa } = event;
      const text = `IKE_SA renewed with ${describeIke(newIkeSa)} (#${oldIkeSa.uniqueId} to #${newIkeSa.uniqueId})`;
      return { ikeSa: newIkeSa, text };
    }
    case 'ike-update': {
      const { ikeSa, remoteHost, remotePort } = event;
      return { ikeSa, text: `the peer is now at ${remoteHost}[${remotePort}] (#${ikeSa.uniqueId})` };
    }
    case 'child-updown': {
      const { ikeSa, childSa, isUp } = event;
      const text = isUp ? `CHILD_SA installed: ${describeChild(childSa)}` : `CHILD_SA ends: ${childSa.name}`;
      return { ikeSa, text: `${text} (#${childSa.uniqueId})` };
    }
    case 'child-rekey': {
      const { ikeSa, oldChildSa, newChildSa } = event;
      const numbers = `(#${oldChildSa.uniqueId} to #${newChildSa.uniqueId})`;
      return { ikeSa, text: `CHILD_SA renewed: ${describeChild(newChildSa)} ${numbers}` };
    }
  }
}

function describeIke({ remoteHost, remotePort, remoteId, ...algorithms }: IkeSa): string {
  return `${remoteHost}[${remotePort}], ${remoteId}, ${describeAlgorithms(algorithms)}`;
}

function describeChild({ localTs, remoteTs, installed }: ChildSa): string {
  const ranges = `${localTs.join(' ')} === ${remoteTs.join(' ')}`;
  if (installed === undefined) return ranges;
  const udp = installed.isUdpEncapsulated ? ' in UDP' : '';
  return `${ranges}, ${installed.protocol}${udp}, ${describeAlgorithms(installed)}`;
}

interface Algorithms {
  readonly encrAlg: string | undefined;
  readonly encrKeySizeBits: number | undefined;
  readonly integAlg: string | undefined;
  readonly prfAlg?: string | undefined;
  readonly dhGroup: string | undefined;
}

function describeAlgorithms({ encrAlg, encrKeySizeBits, integAlg, prfAlg, dhGroup }: Algorithms): string {
  const size = encrKeySizeBits === undefined ? '' : `_${encrKeySizeBits}`;
  return [encrAlg === undefined ? undefined : `${encrAlg}${size}`, integAlg, prfAlg, dhGroup]
    .filter((name) => name !== undefined)
    .join('/');
}
