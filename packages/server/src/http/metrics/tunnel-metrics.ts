import { findingSeverities, type FindingSeverity } from '@landbridge/catalogue/findings/finding-entry';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { DropCount } from '../../domain/operator/dropped-packets.ts';
import type { VpnGatewayId } from '../../domain/resource-id.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import { nextTurn } from '../../platform/loop-turn.ts';
import { GatewayTotals } from './gateway-totals.ts';
import { headOf, linesOf, type MetricFamily } from './series-text.ts';
import { strongswanCounts, strongswanFamilies } from './strongswan-families.ts';
import { dropFamilies, gatewayFamilies, severityOf, tunnelFamilies, type MeasuredTunnel } from './tunnel-families.ts';

/** What there is, at hand in memory. */
export interface TunnelNumbers {
  readonly connections: () => readonly VpnConnection[];
  readonly gateways: () => readonly VpnGateway[];
  readonly measure: (connections: readonly VpnConnection[]) => readonly MeasuredTunnel[];
  readonly drops: () => readonly DropCount[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** So many at a time. */
const tunnelsAtOnce = 25;
/** For so long the loop is held at most, but by as many tunnels. */
const longestTurnMs = 4;

/** Series of each tunnel and gateway. Written in slices: with ten thousand tunnels they are a hundred thousand lines. */
export class TunnelMetrics {
  readonly #numbers: TunnelNumbers;
  readonly #totals = new GatewayTotals();
  /** One after the other: totals are looked at once each. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(numbers: TunnelNumbers) {
    this.#numbers = numbers;
  }

  /** In pieces, which stand one after the other. */
  text(): Promise<readonly string[]> {
    const text = this.#turn.then(() => this.#write());
    this.#turn = text.catch(() => undefined);
    return text;
  }

  /** The same under the names of exporters of strongSwan. */
  async strongswanText(): Promise<readonly string[]> {
    const families = new FamilyTexts(strongswanFamilies(this.#numbers.now));
    let establishedIkeSas = 0;
    await this.#eachSlice((tunnels) => {
      families.add(tunnels);
      establishedIkeSas += tunnels.filter(({ observation }) => observation.sas?.ikeEstablished === true).length;
    });
    return [strongswanCounts(establishedIkeSas), ...families.pieces()];
  }

  async #write(): Promise<readonly string[]> {
    const { gateways, drops } = this.#numbers;
    const ofTunnels = new FamilyTexts(tunnelFamilies);
    const findings: Finding[] = [];
    await this.#eachSlice((tunnels) => {
      ofTunnels.add(tunnels);
      for (const tunnel of tunnels) findings.push(...tunnel.findings);
      for (const { connection, observation } of tunnels) {
        this.#totals.look(connection.vpnGatewayId, connection.id, observation.traffic);
      }
    });
    const all = gateways();
    this.#totals.done(new Set(all.map(({ id }): VpnGatewayId => id)));
    const ofGateways = new FamilyTexts(gatewayFamilies);
    ofGateways.add(all.map((gateway) => ({ gateway, totals: this.#totals.of(gateway.id) })));
    const ofDrops = new FamilyTexts(dropFamilies);
    ofDrops.add(drops());
    return [findingsText(findings), ...ofGateways.pieces(), ...ofDrops.pieces(), ...ofTunnels.pieces()];
  }

  async #eachSlice(take: (tunnels: readonly MeasuredTunnel[]) => void): Promise<void> {
    const { connections, measure } = this.#numbers;
    const all = connections();
    let turnAt = performance.now();
    for (let start = 0; start < all.length; start += tunnelsAtOnce) {
      take(measure(all.slice(start, start + tunnelsAtOnce)));
      if (performance.now() - turnAt < longestTurnMs) continue;
      await nextTurn();
      turnAt = performance.now();
    }
  }
}

/** Lines of one family stand together, though subjects come one after the other. */
class FamilyTexts<Subject> {
  readonly #texts: { readonly family: MetricFamily<Subject>; readonly pieces: string[] }[];

  constructor(families: readonly MetricFamily<Subject>[]) {
    this.#texts = families.map((family) => ({ family, pieces: [headOf(family)] }));
  }

  add(subjects: readonly Subject[]): void {
    for (const { family, pieces } of this.#texts) {
      let piece = '';
      for (const subject of subjects) piece += linesOf(family, subject);
      pieces.push(piece);
    }
  }

  pieces(): string[] {
    return this.#texts.flatMap(({ pieces }) => pieces);
  }
}

function findingsText(findings: readonly Finding[]): string {
  const family: MetricFamily<FindingSeverity> = {
    name: 'landbridge_findings',
    help: 'What is wrong with tunnels, by severity.',
    type: 'gauge',
    series: (severity) => {
      const value = findings.filter((finding) => severityOf(finding) === severity).length;
      return [{ labels: { severity }, value }];
    },
  };
  return headOf(family) + findingSeverities.map((severity) => linesOf(family, severity)).join('');
}
