import { isIpAddress, parseIpAddress, type IpAddress } from '@landbridge/net';
import { canonicalPath } from '@landbridge/server/canonical-path';
import { readdress as readdressStored, type AddressMove, type MovedGateway } from '@landbridge/server/readdress';
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

/** `203.0.113.1=203.0.113.9`. Throws for anything else. */
export function readMove(text: string): AddressMove {
  const [from = '', to = '', ...more] = text.split('=');
  if (more.length > 0 || !isIpv4(from) || !isIpv4(to))
    throw new Error(`"${text}" is not OLD=NEW, two IPv4 addresses such as 203.0.113.1=203.0.113.9`);
  return { from: parseIpAddress(from), to: parseIpAddress(to) };
}

function isIpv4(text: string): text is IpAddress {
  return isIpAddress(text) && !text.includes(':');
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
