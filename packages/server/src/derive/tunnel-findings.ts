import { findingOf, type Told } from '../domain/diagnosis/told.ts';
import type { Finding } from '../domain/diagnosis/finding.ts';
import type { TunnelObservation } from '../domain/operator/observation.ts';
import { optionFindings } from '../domain/vpn/option-findings.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { Rows } from '../image/rows.ts';
import { WayFindings } from './way-findings.ts';

/** A peer that shall begin gets so long, milliseconds, before it counts as one that does not. */
const patienceMs = 10_000;

/** What is wrong with tunnels that needs no packet to be told. To be used for many at once, and thrown away when the rows change. */
export class TunnelFindings {
  readonly #rows: Rows;
  readonly #ways: WayFindings;
  readonly #now: number;

  /** @param now milliseconds since the epoch. */
  constructor(rows: Rows, now: number) {
    this.#rows = rows;
    this.#ways = new WayFindings(rows);
    this.#now = now;
  }

  of(connection: VpnConnection, observation: Pick<TunnelObservation, 'sas'>): Finding[] {
    const gateway = this.#rows.vpnGateways.get(connection.vpnGatewayId);
    if (gateway === undefined) return [];
    const told = [
      ...this.#whoBegins(connection, observation),
      ...this.#ways.of(connection),
      ...optionFindings(connection, gateway),
    ];
    return told.map((each) => findingOf(connection, each));
  }

  /** Only of a tunnel that is down without anybody having said a word. */
  #whoBegins({ negotiation }: VpnConnection, { sas }: Pick<TunnelObservation, 'sas'>): Told[] {
    if (sas === null || negotiation === 'active') return [];
    const hasChildren = Object.values(sas.children).some(Boolean);
    if (sas.connected || sas.ikeEstablished || hasChildren || sas.lastError !== null) return [];
    if (negotiation === 'on-traffic') return [{ code: 'waits-for-traffic', since: sas.changedAt }];
    if (this.#now - sas.changedAt < patienceMs) return [];
    return [{ code: 'both-ends-passive', ours: 'passive', since: sas.changedAt }];
  }
}
