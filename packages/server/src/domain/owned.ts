/** What every resource carries: who owns it, where it lives and when it was made. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Owned {
  /** Account (tenant) the resource belongs to; other accounts never see it. */
  readonly accountId: string;
  /** Region name; only a scope of names, not a place. */
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Whose resources, and in which region: every tenant's question is bound to one. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
}
