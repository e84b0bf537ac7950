import type { LinkPlan } from '../plan/plan.ts';
import type { IpCommand, Netns } from './kernel.ts';
import type { ActualAddress, ActualLink } from './link.ts';

export interface AddressChanges {
  readonly additions: readonly IpCommand[];
  readonly removals: readonly IpCommand[];
}

/**
 * IPv4 addresses of the devices a plan lists. Addresses of other devices are nobody's business here: in our own
 * namespaces those devices are removed, in the host's they are not ours.
 */
export function diffAddresses(
  netns: Netns,
  wanted: readonly LinkPlan[],
  actual: readonly ActualLink[],
  present: ReadonlySet<string>,
): AddressChanges {
  const have = new Map(actual.map((link) => [link.name, link.addresses.filter(isConfigured)]));
  const additions: IpCommand[] = [];
  const removals: IpCommand[] = [];
  for (const link of wanted) {
    if (!present.has(link.name)) continue;
    const existing = have.get(link.name) ?? [];
    const device = link.name;
    for (const { address, scope } of link.addresses) {
      const now = existing.find((candidate) => candidate.address === address);
      if (now?.scope === scope) continue;
      // The same address with another scope has to go first.
      if (now) additions.push({ netns, line: `address delete ${address} dev ${device}` });
      additions.push({ netns, line: `address add ${address} dev ${device} scope ${scope}` });
    }
    for (const { address } of existing) {
      if (link.addresses.some((candidate) => candidate.address === address)) continue;
      removals.push({ netns, line: `address delete ${address} dev ${device}` });
    }
  }
  return { additions, removals };
}

/** Not 127.0.0.1/8, which the kernel gives to every loopback device. */
function isConfigured({ address, scope }: ActualAddress): boolean {
  return !(scope === 'host' && address.startsWith('127.'));
}
