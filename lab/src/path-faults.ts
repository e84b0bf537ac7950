import type { Namespace } from '@landbridge/testbed/namespace';

type Direction = 'in' | 'out';

/** ESP in UDP, which begins with an SPI; IKE on the same port begins with zeros (RFC 3948 section 2.2). */
const esp = ['ip protocol esp drop', 'udp dport 4500 @th,64,32 != 0 drop', 'udp sport 4500 @th,64,32 != 0 drop'];

const hooks: Readonly<Record<Direction, string>> = {
  in: 'type filter hook prerouting priority -300; iifname != "wan" accept;',
  out: 'type filter hook postrouting priority 300; oifname != "wan" accept;',
};

/** Drops ESP and nothing else on a device's `wan`. */
export function blockEsp(device: Namespace, directions: readonly Direction[]): Promise<string> {
  const chains = directions.map((direction) => `chain ${direction} { ${[hooks[direction], ...esp].join('\n')}\n }`);
  return fault(device, chains);
}

/** Drops what comes out of the tunnel on its way into the LAN. */
export function blockLan(device: Namespace): Promise<string> {
  return fault(device, ['chain lan { type filter hook forward priority -300; oifname "lan" drop; }']);
}

/** Also when there was nothing. */
export function endFault(device: Namespace): Promise<string> {
  return device.runChecked(['nft', 'add table inet fault; delete table inet fault']);
}

function fault(device: Namespace, chains: readonly string[]): Promise<string> {
  return device.runChecked(['nft', '-f', '-'], { input: `table inet fault {\n${chains.join('\n')}\n}\n` });
}
