import type { Finding } from '../tunnel.ts';
import { isComplete, type Message, type Part } from './messages.ts';

/** The message that was the last of what came to nothing, and why, as far as that was found. */
export interface Stop {
  readonly after: Message['id'];
  readonly findings: readonly Finding[];
}

const layers: ReadonlySet<string> = new Set(['uplink', 'ike', 'ike-auth', 'esp']);
/** Of other layers, or a warning: the negotiation stopped by them all the same. */
const also: ReadonlySet<string> = new Set(['peer-silent', 'peer-stopped-answering', 'rekeying-pfs-group-differs']);

/** Null: it did not stop, or nothing that was found says why. */
export function stopOf(parts: readonly Part[], found: readonly Finding[]): Stop | null {
  const findings = found.filter(
    ({ Code, Layer, Severity }) => also.has(Code) || (layers.has(Layer) && Severity === 'error'),
  );
  const stopped = parts.findLast((part) => !isComplete(part)) ?? parts.at(-1);
  const last = stopped?.messages.at(-1);
  return last === undefined || findings.length === 0 ? null : { after: last.id, findings };
}
