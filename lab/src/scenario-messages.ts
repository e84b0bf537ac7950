import type { Cell } from './reachability-matrix.ts';

/** What run-scenario.ts tells the process in the host namespace. */
export interface ScenarioRequest {
  readonly name: string;
  readonly dataPlane: string;
  readonly keep: boolean;
}

/** What that process says. */
export type ScenarioMessage =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'result'; readonly cells: readonly Cell[]; readonly ok: boolean }
  | { readonly kind: 'failure'; readonly message: string; readonly state: string };
