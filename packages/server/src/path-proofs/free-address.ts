import type { IpAddress } from '@landbridge/net';
import { randomInt } from 'node:crypto';
import { proofBounds } from '../domain/operator/path-proof.ts';
import { inNetns, type Kernel } from '../drivers/kernel.ts';
import type { Clock } from '../platform/clock.ts';
import { candidateAddresses } from './candidate-addresses.ts';
import { addressesHeard, addressesOfNeighbours } from './known-addresses.ts';
import type { ProofPlace } from './proof-place.ts';

/** Null: nobody is known to be without one, or all of those that were asked for answered. @param claimed what is taken is added to it. */
export type FindFree = (place: ProofPlace, claimed: Set<string>) => Promise<IpAddress | null>;

const pollMs = 200;

/**
 * An address that no host of the subnet was heard with, and that no host there answers for: the subnet's router asks for it by ARP, as it
 * would if a packet came for it. No host is told of anybody but the router.
 */
export function findFreeBy(kernel: Kernel, clock: Pick<Clock, 'delay' | 'elapsed'>): FindFree {
  return async (place, claimed) => {
    const known = await knownAddresses(kernel, place);
    const taken = new Set([...known, ...claimed]);
    const candidates = candidateAddresses(place, taken, proofBounds.candidates, (below) => randomInt(below));
    for (const address of candidates) claimed.add(address);
    return (await unansweredOf(kernel, clock, place, candidates))[0] ?? null;
  };
}

async function knownAddresses(kernel: Kernel, { netns, bridge }: ProofPlace): Promise<string[]> {
  const heard = await kernel.netnsd.listNft(netns, 'list set inet landbridge-neighbours heard');
  const neighbours = await statesOf(kernel, { netns, bridge });
  const present = [...neighbours].filter(([, state]) => state !== 'FAILED').map(([address]) => address);
  return [...addressesHeard(heard, bridge), ...present];
}

async function unansweredOf(
  kernel: Kernel,
  clock: Pick<Clock, 'delay' | 'elapsed'>,
  place: Pick<ProofPlace, 'netns' | 'bridge'>,
  addresses: readonly IpAddress[],
): Promise<IpAddress[]> {
  if (addresses.length === 0) return [];
  const lines = (verb: string, more: string) =>
    addresses.map((a) => `neighbour ${verb} ${a} dev ${place.bridge}${more}`);
  // The words of ip(8) for "ask for it now, as a packet would make you".
  await runBatch(kernel, place.netns, lines('replace', ' use'));
  try {
    const until = clock.elapsed() + proofBounds.addressMs;
    for (;;) {
      const states = await statesOf(kernel, place);
      const isAsked = addresses.some((address) => states.get(address) === 'INCOMPLETE');
      // Absent is not unanswered: only what the kernel has asked for and given up is.
      if (!isAsked || clock.elapsed() >= until) return addresses.filter((a) => states.get(a) === 'FAILED');
      await clock.delay(pollMs);
    }
  } finally {
    await runBatch(kernel, place.netns, lines('delete', ''), ['-force']).catch(() => undefined);
  }
}

async function statesOf(kernel: Kernel, { netns, bridge }: Pick<ProofPlace, 'netns' | 'bridge'>) {
  const argv = inNetns(kernel, netns, ['ip', '-4', '-json', 'neighbour', 'show', 'dev', bridge]);
  return addressesOfNeighbours(await kernel.commands.run(argv));
}

async function runBatch(kernel: Kernel, netns: string, lines: readonly string[], flags: readonly string[] = []) {
  await kernel.commands.run(inNetns(kernel, netns, ['ip', ...flags, '-batch', '-']), {
    input: `${lines.join('\n')}\n`,
  });
}
