import { ignoresPolicies } from './forwarding-mode.ts';
import type { VpnConnection } from './vpn-connection.ts';

/** What is as it was asked for and may all the same not be what was meant: for people. */
export function notesOf(connection: VpnConnection): string[] {
  return ignoresPolicies(connection)
    ? ['its policies are ignored: it has destination routing, so the route table of its gateway decides what passes']
    : [];
}
