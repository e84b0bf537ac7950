import type { RecordedKind } from '../domain/operator/timeline.ts';

/**
 * What is kept of a subject is bounded by kinds apart: a peer that tries again and again, or a stranger who knocks, takes nothing of
 * the story away.
 */
export type ShelfName = 'story' | 'handshakes' | 'numbers' | 'plans';

const shelfOf: Readonly<Record<RecordedKind, ShelfName>> = {
  ike: 'handshakes',
  sa: 'handshakes',
  state: 'story',
  finding: 'story',
  event: 'story',
  condition: 'story',
  probes: 'numbers',
  plan: 'plans',
};

/** Eighths of what a subject may have. */
const shares: Readonly<Record<ShelfName, number>> = { story: 2, handshakes: 3, numbers: 2, plans: 1 };

export function shelfOfKind(kind: RecordedKind): ShelfName {
  return shelfOf[kind];
}

/** Those that hold lines of one of the kinds. */
export function shelvesOf(kinds: readonly RecordedKind[] | null): readonly ShelfName[] {
  const all = Object.keys(shares) as ShelfName[];
  return kinds === null ? all : all.filter((name) => kinds.some((kind) => shelfOf[kind] === name));
}

export function bytesOfShelf(name: ShelfName, subjectBytes: number): number {
  return Math.floor((subjectBytes * shares[name]) / 8);
}
