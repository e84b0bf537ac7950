/** One row that a call changed: fields by name, without secrets. */
export interface AuditedChange {
  /** The table of the row. */
  readonly kind: string;
  readonly id: string;
  /** Of a row that was there: what was different. Null: there was none. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** A call that changed something, or was refused. */
export interface AuditEvent {
  /** Milliseconds since the epoch; of several, the first. */
  readonly at: number;
  /** Empty where nobody knows whose call it was. */
  readonly accountId: string;
  readonly secretId: string;
  readonly service: string;
  readonly action: string;
  readonly region: string;
  /** IP address that the call came from. */
  readonly remoteAddress: string;
  /** Of several calls, the first one's. */
  readonly requestId: string;
  /** Ids that the call named or changed. */
  readonly resources: readonly string[];
  /** Empty for success, or the code that was answered. */
  readonly code: string;
  /** Refused calls that differ in nothing else are one event. */
  readonly count: number;
  readonly changes: readonly AuditedChange[];
  /** More changed than is written down here. */
  readonly isCut: boolean;
}

export interface RecordedAuditEvent extends AuditEvent {
  /** Counts up. */
  readonly id: number;
}

export interface AuditSelection {
  /** Undefined: of all accounts, and of nobody's. */
  readonly accountId: string | undefined;
  /** Older than this one; undefined: the newest. */
  readonly beforeId: number | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly secretId: string | undefined;
  readonly action: string | undefined;
  readonly resourceId: string | undefined;
  readonly requestId: string | undefined;
  readonly outcome: 'succeeded' | 'refused' | undefined;
  readonly limit: number;
}

export interface AuditPage {
  readonly events: readonly RecordedAuditEvent[];
  /** Where to go on; null: nothing older is left. */
  readonly nextBeforeId: number | null;
}

/** Of each account the newest are kept: calls that changed something, and apart from them those that were refused. */
export const auditBounds = {
  succeededPerAccount: 20_000,
  refusedPerAccount: 2000,
  resources: 50,
  changesBytes: 16_384,
} as const;
