import type { Namespace } from '@landbridge/testbed/namespace';

/** Drops what comes for a UDP port of a node, and what it sends from there, as a firewall in front of it would. */
export async function withPortFiltered<T>(node: Namespace, port: number, during: () => Promise<T>): Promise<T> {
  const rules = `table inet filtered {
  chain input {
    type filter hook input priority 0
    udp dport ${port} drop
  }
  chain output {
    type filter hook output priority 0
    udp sport ${port} drop
  }
}
`;
  await node.runChecked(['nft', '-f', '-'], { input: rules });
  try {
    return await during();
  } finally {
    await node.runChecked(['nft', 'delete', 'table', 'inet', 'filtered']);
  }
}
