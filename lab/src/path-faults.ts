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
  return blockWan(device, directions, esp);
}

/** Drops everything there, without a word to either end. */
export function blockAll(device: Namespace, directions: readonly Direction[]): Promise<string> {
  return blockWan(device, directions, ['drop']);
}

/** Drops what comes for a UDP port of the device, and what it sends from there, as a firewall in front of it would. */
export function blockPort(device: Namespace, port: number): Promise<string> {
  return blockWan(device, ['in', 'out'], [`udp dport ${port} drop`, `udp sport ${port} drop`]);
}

/** Drops packets of more than so many bytes on a device's `wan`, both ways and without a word: a path whose routers keep their ICMP to themselves. */
export function dropLarge(device: Namespace, bytes: number): Promise<string> {
  return fault(
    device,
    (['in', 'out'] as const).map((hook) => `chain ${hook} { ${hooks[hook]}\nmeta length > ${bytes} drop\n }`),
  );
}

/** Drops what comes out of the tunnel on its way into the LAN. */
export function blockLan(device: Namespace): Promise<string> {
  return fault(device, ['chain lan { type filter hook forward priority -300; oifname "lan" drop; }']);
}

/** Also when there was nothing. */
export function endFault(device: Namespace): Promise<string> {
  return device.runChecked(['nft', 'add table inet fault; delete table inet fault']);
}

function blockWan(device: Namespace, directions: readonly Direction[], rules: readonly string[]): Promise<string> {
  const chains = directions.map((direction) => `chain ${direction} { ${[hooks[direction], ...rules].join('\n')}\n }`);
  return fault(device, chains);
}

function fault(device: Namespace, chains: readonly string[]): Promise<string> {
  return device.runChecked(['nft', '-f', '-'], { input: `table inet fault {\n${chains.join('\n')}\n}\n` });
}
