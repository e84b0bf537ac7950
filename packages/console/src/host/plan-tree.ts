export interface Branch {
  /** Among its neighbours nothing else is called so. */
  readonly name: string;
  readonly value: unknown;
}

/** Some of the items of a list that is too long to be shown at once. */
class Range {
  readonly branches: readonly Branch[];
  constructor(branches: readonly Branch[]) {
    this.branches = branches;
  }
}

/** More than these stand in folds of so many each. */
const mostSideBySide = 100;
/** Values of a list that stand in one line. */
const mostInLine = 8;

/** What stands in one line; undefined: it has branches. */
export function leafText(value: unknown): string | undefined {
  if (value === null) return '–';
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  if (Array.isArray(value)) {
    const isShort = value.length <= mostInLine && value.every((item) => typeof item !== 'object');
    return isShort ? value.join(', ') || '–' : undefined;
  }
  return Object.keys(value).length === 0 ? '–' : undefined;
}

export function countOf(value: object): number {
  if (value instanceof Range) return value.branches.length;
  return Object.keys(value).length;
}

export function branchesOf(value: object): readonly Branch[] {
  if (value instanceof Range) return value.branches;
  const branches = Array.isArray(value)
    ? value.map((item: unknown, index) => ({ name: nameOf(item, index), value: item }))
    : Object.entries(value).map(([name, item]) => ({ name, value: item as unknown }));
  if (branches.length <= mostSideBySide) return branches;
  return Array.from({ length: Math.ceil(branches.length / mostSideBySide) }, (_, index) => {
    const first = index * mostSideBySide;
    const some = branches.slice(first, first + mostSideBySide);
    return { name: `${first + 1} – ${first + some.length}`, value: new Range(some) };
  });
}

/** What items of lists are known by. */
const naming = ['name', 'id', 'key', 'destination', 'address', 'priority', 'device'];

function nameOf(item: unknown, index: number): string {
  const number = `${index + 1}`;
  if (typeof item !== 'object' || item === null) return number;
  const by = naming.find((name) => name in item);
  if (by === undefined) return number;
  const text = leafText((item as Readonly<Record<string, unknown>>)[by]);
  return text === undefined ? number : `${number} · ${text}`;
}
