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

/** What is wrong with tunnels that needs no packet to be told. To be used for many at once, and thrown away when rows change. */
export class TunnelFindings {
  readonly #rows: Rows;
  readonly #ways: WayFindings;
  /** What does not depend on what is seen. */
  readonly #told = new Map<VpnConnectionId, readonly Told[]>();

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#ways = new WayFindings(rows);
  }

  /** @param now milliseconds since the epoch. */
  of(connection: VpnConnection, { sas }: Pick<TunnelObservation, 'sas'>, now: number): Finding[] {
    const told = [...whoBegins(connection, sas, now), ...this.#ofRows(connection)];
    return told.map((each) => findingOf(connection, each));
  }

  #ofRows(connection: VpnConnection): readonly Told[] {
    const known = this.#told.get(connection.id);
    if (known !== undefined) return known;
    const gateway = this.#rows.vpnGateways.get(connection.vpnGatewayId);
    const told = gateway === undefined ? [] : [...this.#ways.of(connection), ...optionFindings(connection, gateway)];
    this.#told.set(connection.id, told);
    return told;
  }
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
