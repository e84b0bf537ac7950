/** They take a minute or more: begun first, so that nobody waits for one of them at the end. */
const longest = [
  ...['docs', 'proven-states', 'process-faults', 'explained-negotiation', 'peer-children', 'data-directory', 'uplinks'],
  ...['failover', 'site-files', 'failover-drill', 'scenarios', 'kernel-data-plane', 'ask-peer', 'backup', 'ccn'],
  ...['numbers', 'random-networks', 'path-proof', 'healthy-tunnels', 'uninstall', 'ccn-bandwidth', 'newcomer'],
  ...['scenario-6', 'ccn-route-tables', 'drain', 'scenario-2', 'flight-recorder', 'scenario-1-route', 'ccn-failover'],
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
