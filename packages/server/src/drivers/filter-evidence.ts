import { dropCountsOf, type DropCount } from '../domain/operator/dropped-packets.ts';
import { askingSets, type AskingSet } from '../plan/asking-sets.ts';
import { realNetns, type Kernel } from './kernel.ts';

/** What the packet filter of a gateway has counted, by tunnel. Elements of the sets begin anew when they were forgotten. */
export interface FilterEvidence {
  readonly asking: Readonly<Record<AskingSet, ReadonlyMap<string, number>>>;
  readonly drops: readonly DropCount[];
}

interface Answer {
  readonly nftables: readonly {
    readonly counter?: { readonly name: string; readonly packets: number; readonly bytes: number };
    readonly set?: { readonly name: string; readonly elem?: readonly Element[] };
  }[];
}

interface Element {
  readonly elem?: { readonly val: string; readonly counter?: { readonly packets: number } };
}

const table = 'inet landbridge';
const question = [...askingSets.map((name) => `list set ${table} ${name}`), `list counters table ${table}`].join('; ');

/** One question; rejects where there is no such table. */
export async function readFilterEvidence(kernel: Kernel, netns: string, signal: AbortSignal): Promise<FilterEvidence> {
  return parseFilterEvidence(await kernel.netnsd.listNft(realNetns(kernel, netns), question, signal));
}

/** @param text what nft answers: a line for each list. */
export function parseFilterEvidence(text: string): FilterEvidence {
  const objects = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => (JSON.parse(line) as Answer).nftables);
  const sets = new Map(objects.flatMap(({ set }) => (set === undefined ? [] : [[set.name, set.elem ?? []] as const])));
  const countsOf = (name: AskingSet) =>
    new Map(
      (sets.get(name) ?? []).flatMap(({ elem }) =>
        elem === undefined ? [] : [[elem.val, elem.counter?.packets ?? 0]],
      ),
    );
  return {
    asking: {
      ...{ asked: countsOf('asked'), answered: countsOf('answered') },
      ...{ called: countsOf('called'), accepted: countsOf('accepted') },
    },
    drops: dropCountsOf(objects.flatMap(({ counter }) => counter ?? [])),
  };
}
