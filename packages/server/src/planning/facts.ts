import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Note } from '../image/noting-source.ts';
import type { UplinkForwarding } from '../plan/facts.ts';

/** What the acting side knows and the deciding side looks at. */
export interface Facts {
  /** For answers. No plan depends on it. */
  readonly isUsable: IsUsable;
  /** Whose will it is that the host forwards. */
  readonly forwarding: () => UplinkForwarding;
}

// Tables of facts beside those of rows (image/noting-source.ts).
export const noteOfForwarding: Note = 'forwarding';

export function noteOfUsability(id: VpnConnectionId): Note {
  return `usability=${id}`;
}
