import { toldByRows } from '../derive/tunnel-findings.ts';
import type { Told } from '../domain/diagnosis/told.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Change } from '../image/change.ts';
import type { Rows } from '../image/rows.ts';
import { resultOf } from './computation.ts';
import type { Computations } from './computations.ts';

/** What rows alone tell of tunnels, for each of them kept until a row changes that was looked up for it. */
export class KeptFindings {
  readonly #rows: Rows;
  readonly #computations: Computations;

  /** @param rows those of the computations. */
  constructor(rows: Rows, computations: Computations) {
    this.#rows = rows;
    this.#computations = computations;
  }

  of(id: VpnConnectionId): readonly Told[] {
    // Somebody may still ask about one that is gone.
    if (this.#rows.vpnConnections.get(id) === undefined) return [];
    const kept = this.#computations.hold(nameOf(id), (rows) => toldByRows(id, rows));
    return resultOf(this.#computations.update(kept).outcome) as readonly Told[];
  }

  /** To be called once rows have changed: forgets those of tunnels that are gone. */
  committed(changes: readonly Change[]): void {
    for (const { table, key, after } of changes) {
      if (table !== 'vpnConnections' || after !== null) continue;
      const kept = this.#computations.named(nameOf(key));
      if (kept !== undefined) this.#computations.drop(kept);
    }
  }
}

function nameOf(id: string): string {
  return `told by rows of ${id}`;
}
