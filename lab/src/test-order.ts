/** They take a minute or more: begun first, so that nobody waits for one of them at the end. */
const longest = [
  ...['tenants', 'failover', 'ccn', 'scenarios', 'kernel-data-plane', 'ccn-route-tables', 'process-faults'],
  ...['ccn-bandwidth', 'random-networks', 'ccn-failover', 'scenario-6', 'rekey-soak'],
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
