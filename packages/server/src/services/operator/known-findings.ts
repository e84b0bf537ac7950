import { tunnelFindings } from '../../derive/tunnel-findings.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { Told } from '../../domain/diagnosis/told.ts';
import type { TunnelObservation } from '../../domain/operator/observation.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Clock } from '../../platform/clock.ts';

export interface KnownFindingsOptions {
  /** What is wrong with a tunnel by the rows alone, as they are now. */
  readonly toldByRows: (id: VpnConnectionId) => readonly Told[];
  readonly clock: Pick<Clock, 'now'>;
}

/** All that is wrong with a tunnel: what the acting side found, and what rows tell. */
export function knownFindings({ toldByRows, clock }: KnownFindingsOptions) {
  return (connection: VpnConnection, observation: TunnelObservation): readonly Finding[] => [
    ...observation.findings,
    ...tunnelFindings(connection, toldByRows(connection.id), observation, clock.now()),
  ];
}
