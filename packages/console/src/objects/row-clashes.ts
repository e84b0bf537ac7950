import type { Clash } from '../changes/difference.ts';

/** A row of a list: what it is known by, and what is seen of it. */
export interface ListedRow {
  readonly id: string;
  readonly cells: readonly string[];
  /** Whether it is the tenant's own to change. */
  readonly isOwn: boolean;
}

/** Where rows are no longer what somebody chose: another value, or gone. */
export function rowClashes(chosen: readonly ListedRow[], now: readonly ListedRow[]): readonly Clash[] {
  return chosen.flatMap(({ id, cells }) => {
    const row = now.find((other) => other.id === id);
    const [theirs, yours] = [row?.cells.join(' · ') ?? '', cells.join(' · ')];
    return theirs === yours ? [] : [{ field: id, theirs, yours }];
  });
}
