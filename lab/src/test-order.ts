/** They take a minute each: begun first, so that nobody waits for one of them at the end. */
const longest = [
  'failover',
  'ccn',
  'ccn-bandwidth',
  'ccn-failover',
  'tenants',
  'scenario-6',
  'process-faults',
  'rekey-soak',
];

/** They hold rates or short times against what a whole machine reaches: run one after the other, with nothing beside them. */
const alone: readonly string[] = [];

export interface TestOrder {
  readonly sideBySide: readonly string[];
  readonly alone: readonly string[];
}

/** In which order test files (paths) are run. */
export function orderOf(files: readonly string[]): TestOrder {
  const needsMachine = (file: string): boolean => alone.includes(nameOf(file));
  const rank = (file: string): number => {
    const index = longest.indexOf(nameOf(file));
    return index < 0 ? longest.length : index;
  };
  return {
    sideBySide: files.filter((file) => !needsMachine(file)).toSorted((one, other) => rank(one) - rank(other)),
    alone: files.filter(needsMachine),
  };
}

/** `failover` of `…/lab/test/failover.test.ts`. */
function nameOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.test\.ts$/, '');
}
