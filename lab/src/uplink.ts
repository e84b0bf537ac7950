import type { Namespace } from '@landbridge/testbed/namespace';

/** The ways in which a gateway gets its public address (docs/guides/uplinks.md). */
export type UplinkKind = 'routed' | 'macvlan' | 'bridge-port' | 'nat';

/** Public address of the server's machine itself. */
export const hostAddress = '203.0.113.1';

/** Where the server takes public addresses of gateways from. */
export const gatewayAddresses = '203.0.113.128/26';

/** Puts the address on the machine's uplink, which is attached to the internet as `uplink` and up. */
export async function prepareUplink(host: Namespace, kind: UplinkKind): Promise<void> {
  if (kind !== 'bridge-port') {
    await host.ip(`address add ${hostAddress}/24 dev uplink`);
    return;
  }
  await host.ip(
    'link add br-uplink type bridge',
    'link set br-uplink up',
    'link set uplink master br-uplink',
    `address add ${hostAddress}/24 dev br-uplink`,
  );
}

/** Takes away what prepareUplink made beside the uplink itself, which goes with the internet. */
export async function removeUplink(host: Namespace, kind: UplinkKind): Promise<void> {
  if (kind === 'bridge-port') await host.ip('link delete br-uplink');
}

/** The `uplink` part of the server's configuration file. */
export function uplinkConfiguration(kind: UplinkKind): Readonly<Record<string, unknown>> {
  const bridged = { mode: 'bridged', addresses: [gatewayAddresses], prefixLength: 24, nextHop: hostAddress };
  switch (kind) {
    case 'routed':
      return { mode: 'routed', interface: 'uplink', addresses: [gatewayAddresses] };
    case 'macvlan':
      return { ...bridged, interface: 'uplink' };
    case 'bridge-port':
      return { ...bridged, bridge: 'br-uplink' };
    case 'nat':
      return { mode: 'nat', interface: 'uplink', address: hostAddress };
  }
}
