import type { Host } from './host.ts';

/**
 * Sends from an address that is somebody else's, whole packets and fragments, to each target and to the broadcast address of
 * its network. Nothing is said about answers: those would go to whom the address belongs.
 */
export async function sendAs(source: string, from: Pick<Host, 'namespace'>, targets: readonly Host[]): Promise<void> {
  const { namespace } = from;
  await namespace.ip(`address add ${source}/32 dev lo`);
  try {
    const pings = targets.flatMap(({ address }) => [
      [address],
      ['-s', '3000', address],
      ['-b', address.replace(/\.\d+$/, '.255')],
      ['-b', '255.255.255.255'],
    ]);
    await Promise.all(
      pings.map((words) =>
        namespace.run(['ping', '-n', '-q', '-c', '2', '-i', '0.2', '-W', '0.2', '-I', source, ...words]),
      ),
    );
  } finally {
    await namespace.ip(`address delete ${source}/32 dev lo`);
  }
}

/** IPv6 from an address of its own, to one that the target has, by whatever is its default gateway: the way in is tried as well. */
export async function sendIpv6(from: Host, to: Host): Promise<void> {
  const { namespace } = from;
  const neighbours = await namespace.runChecked(['ip', '-4', 'neigh', 'show', 'dev', 'eth0']);
  const router = /lladdr ([0-9a-f:]{17})/.exec(neighbours)?.[1] ?? '';
  for (const at of [namespace, to.namespace]) {
    await at.sysctl({ 'net.ipv6.conf.all.disable_ipv6': '0', 'net.ipv6.conf.eth0.disable_ipv6': '0' });
  }
  await to.namespace.ip('address add fd01::10/64 dev eth0 nodad');
  await namespace.ip(
    'address add fd00::77/64 dev eth0 nodad',
    `neigh replace fe80::1 lladdr ${router} dev eth0`,
    'route add ::/0 via fe80::1 dev eth0',
  );
  await namespace.run(['ping', '-6', '-n', '-q', '-c', '2', '-i', '0.2', '-W', '0.2', '-I', 'fd00::77', 'fd01::10']);
}
