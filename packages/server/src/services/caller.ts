import type { Scope } from '../domain/owned.ts';

/** On whose behalf a use case runs. */
export interface Caller extends Scope {
  readonly isAdministrator: boolean;
  /** Also the id of the task, when the call is asynchronous. */
  readonly requestId: string;
}
