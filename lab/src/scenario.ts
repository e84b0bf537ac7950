import type { Host } from './host.ts';
import type { Cell, ExpectedMatrix } from './reachability-matrix.ts';
import type { Tenant } from './tenant.ts';

/** One scenario of docs/spec/scenarios.md as a runnable topology. `Built` is what its tests go on with. */
export interface Scenario<Built extends BuiltScenario = BuiltScenario> {
  readonly name: string;
  readonly title: string;
  /** Its table there. */
  readonly expected: ExpectedMatrix;
  /** Creates every resource through the public API and returns when all tunnels are connected. */
  build(tenant: Tenant): Promise<Built>;
  /** Takes the place of measuring the table once: one table per state, a state after the other. */
  measureStates?(tenant: Tenant, built: Built): Promise<Cell[]>;
  /** More of the server's configuration file. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface BuiltScenario {
  /** All hosts that the matrix names. */
  readonly hosts: readonly Host[];
}
