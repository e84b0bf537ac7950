import { TunnelFindings } from '../../derive/tunnel-findings.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { TunnelObservation } from '../../domain/operator/observation.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Rows } from '../../image/rows.ts';
import type { Clock } from '../../platform/clock.ts';

export interface KnownFindingsOptions {
  /** As they are now. */
  readonly rows: Rows;
  /** Another one whenever rows have changed. */
  readonly generation: () => number;
  readonly clock: Pick<Clock, 'now'>;
}

/** All that is wrong with a tunnel: what the acting side found, and what rows alone tell, which is computed once until they change. */
export class KnownFindings {
  readonly #options: KnownFindingsOptions;
  #generation = -1;
  #ofRows: TunnelFindings;

  constructor(options: KnownFindingsOptions) {
    this.#options = options;
    this.#ofRows = new TunnelFindings(options.rows);
  }

  readonly of = (connection: VpnConnection, observation: TunnelObservation): readonly Finding[] => {
    const { rows, generation, clock } = this.#options;
    if (generation() !== this.#generation) {
      this.#generation = generation();
      this.#ofRows = new TunnelFindings(rows);
    }
    return [...observation.findings, ...this.#ofRows.of(connection, observation, clock.now())];
  };
}
