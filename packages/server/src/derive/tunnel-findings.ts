import { findingOf, type Told } from '../domain/diagnosis/told.ts';
import type { Finding } from '../domain/diagnosis/finding.ts';
import type { TunnelObservation } from '../domain/operator/observation.ts';
import { optionFindings } from '../domain/vpn/option-findings.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { Rows } from '../image/rows.ts';
import { WayFindings } from './way-findings.ts';

/** A peer that shall begin gets so long, milliseconds, before it counts as one that does not. */
const patienceMs = 10_000;

/** What is wrong with a tunnel by the rows alone. */
export function toldByRows(id: VpnConnectionId, rows: Rows): readonly Told[] {
  const connection = rows.vpnConnections.get(id);
  const gateway = connection && rows.vpnGateways.get(connection.vpnGatewayId);
  if (connection === undefined || gateway === undefined) return [];
  return [...new WayFindings(rows).of(connection), ...optionFindings(connection, gateway)];
}

/**
 * What is wrong with a tunnel that needs no packet to be told.
 * @param told by the rows alone.
 * @param now milliseconds since the epoch.
 */
export function tunnelFindings(
  connection: VpnConnection,
  told: readonly Told[],
  { sas }: Pick<TunnelObservation, 'sas'>,
  now: number,
): Finding[] {
  return [...whoBegins(connection, sas, now), ...told].map((each) => findingOf(connection, each));
}

/** Only of a tunnel that is down without anybody having said a word. */
function whoBegins({ negotiation }: VpnConnection, sas: TunnelObservation['sas'], now: number): Told[] {
  if (sas === null || negotiation === 'active') return [];
  const hasChildren = Object.values(sas.children).some(Boolean);
  if (sas.connected || sas.ikeEstablished || hasChildren || sas.lastError !== null) return [];
  if (negotiation === 'on-traffic') return [{ code: 'waits-for-traffic', since: sas.changedAt }];
  if (now - sas.changedAt < patienceMs) return [];
  return [{ code: 'both-ends-passive', ours: 'passive', since: sas.changedAt }];
}
