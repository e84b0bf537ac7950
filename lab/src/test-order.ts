/** They take a minute or more: begun first, so that nobody waits for one of them at the end. */
const longest = [
  ...['proven-states', 'explained-negotiation', 'numbers'],
  ...['tenants', 'peer-children', 'failover', 'scenarios', 'kernel-data-plane', 'ccn-route-tables', 'ccn-failover'],
  ...['ccn', 'scenario-6', 'ccn-bandwidth', 'process-faults', 'intruder', 'random-networks', 'data-directory'],
  ...['uplinks', 'rekey-soak', 'scenario-2'],
];

/** Test files (paths) in the order in which they are begun where several run side by side. */
export function longestFirst(files: readonly string[]): string[] {
  return files.toSorted((one, other) => rank(one) - rank(other));
}

function rank(file: string): number {
  const name = file.replace(/^.*\//, '').replace(/\.test\.ts$/, '');
  const index = longest.indexOf(name);
  return index < 0 ? longest.length : index;
}
