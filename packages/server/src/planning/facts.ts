import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Note } from '../image/noting-source.ts';
import type { UplinkForwarding } from '../plan/facts.ts';

/** What the acting side knows and plans depend on. */
export interface Facts {
  readonly isUsable: IsUsable;
  /** Whose will it is that the host forwards. */
  readonly forwarding: () => UplinkForwarding;
}

// Tables of facts beside those of rows (image/noting-source.ts).
export function noteOfUsability(id: VpnConnectionId): Note {
  return `usability=${id}`;
}

export const noteOfForwarding: Note = 'forwarding';
