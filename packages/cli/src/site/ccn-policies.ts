import type { Key } from './site-object.ts';

/** What a route table of a CCN takes from instances, or tells them, as the fields of an object have it. */
export interface Policy {
  readonly action: string;
  readonly description: string;
  readonly routes: readonly Condition[];
  /** Whom it is told to. */
  readonly to?: readonly Condition[];
}

export interface Condition {
  readonly name: string;
  /** Keys where the name is `instance-id`. */
  readonly values: readonly string[];
  readonly exact: boolean;
}

/** Which route table decides for a source of an instance. */
export interface Selection {
  readonly instance: Key;
  readonly source: string;
  readonly routeTable: Key;
  readonly description: string;
}
