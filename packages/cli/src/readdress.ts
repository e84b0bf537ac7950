import { canonicalPath } from '@landbridge/server/canonical-path';
import { readdress as readdressStored, readMove, type MovedGateway } from '@landbridge/server/readdress';
import { printLines } from './output/print.ts';

interface ReaddressFlags {
  readonly dataDir: string;
  readonly yes?: boolean;
}

/** `landbridge readdress OLD=NEW …`: says which gateways and peers that is about, and with `--yes` does it. */
export function readdress(typed: readonly string[], { dataDir, yes = false }: ReaddressFlags): void {
  const moved = readdressStored({ dataDir: canonicalPath(dataDir), moves: typed.map(readMove), confirmed: yes });
  printLines(movedLines(moved, yes));
}

export function movedLines(moved: readonly MovedGateway[], isDone: boolean): string[] {
  const named = ({ id, name }: { readonly id: string; readonly name: string }) =>
    name === '' ? id : `${id} (${name})`;
  return [
    ...moved.flatMap(({ tunnels, ...gateway }) => [
      `${named(gateway)}: ${gateway.from} -> ${gateway.to}`,
      ...tunnels.map((tunnel) => `  ${named(tunnel)}: the peer ${tunnel.peer} has to be told`),
    ]),
    isDone
      ? 'Done. Start the service with an uplink that has these addresses, and tell the peers.'
      : 'Nothing was done. To do it: stop the service, then the same command with --yes.',
  ];
}
