import type { IdcSite } from './idc-site.ts';
import { peerExample, type PeerValues } from './peer-example.ts';
import { runChecked } from '@landbridge/testbed/run-command';
import type { StockDevice, StockFiles } from './stock-device.ts';
import type { Tenant } from './tenant.ts';
import type { Vpc1 } from './vpc-1.ts';

export type StockKind = 'libreswan' | 'strongswan';

/** One way to build a tunnel to a stock device. */
export interface StockVariant {
  readonly mode: 'route' | 'policy';
  readonly ikeVersion: 1 | 2;
  /** Seconds after which Libreswan renews a CHILD_SA by itself; else as its example says, after hours. */
  readonly renewsAfter?: number;
}

export const stockVariants: readonly StockVariant[] = [
  { mode: 'route', ikeVersion: 2 },
  { mode: 'policy', ikeVersion: 2 },
  { mode: 'route', ikeVersion: 1 },
  { mode: 'policy', ikeVersion: 1 },
];

export interface StockPeer {
  readonly kind: StockKind;
  readonly site: IdcSite;
  readonly device: StockDevice;
}

const stockKey = 'key of the device and the gateway';

const packages = { libreswan: 'libreswan', strongswan: 'charon-systemd' } as const;

/** Folder with the device's packages, unpacked. The machines of `vmlab` find it ready: they cannot fetch anything. */
export async function stockPackages(kind: StockKind): Promise<string> {
  const name = packages[kind];
  const ready = process.env[`LANDBRIDGE_UNPACKED_${name.toUpperCase().replace('-', '_')}`];
  if (ready !== undefined) return ready;
  const script = new URL('../unpack-packages', import.meta.url).pathname;
  return (await runChecked([script, name], { within: 300_000 })).trim();
}

/** Configures a device by its examples, starts it, and creates the tunnel to it as docs/peers.md says. Returns the tunnel's id. */
export async function connectStockPeer(
  { cloud }: Tenant,
  { vpcId, gateway }: Vpc1,
  peer: StockPeer,
  variant: StockVariant,
): Promise<string> {
  const { site, device } = peer;
  const values = { deviceAddress: site.publicAddress, gatewayAddress: gateway.publicAddress, preSharedKey: stockKey };
  await device.configure(await stockFiles(peer.kind, variant, values));
  await device.start();
  const customerGatewayId = await cloud.createCustomerGateway(site.name, site.publicAddress);
  const connectionId = await cloud.createVpnConnection({
    gatewayId: gateway.gatewayId,
    customerGatewayId,
    vpcId,
    name: `to ${site.name}`,
    preSharedKey: stockKey,
    negotiation: negotiations[variant.ikeVersion],
    ...(variant.mode === 'policy' && { policies: { '10.0.1.0/24': [site.lan], '10.0.2.0/24': [site.lan] } }),
    // When both ends begin, each may make SAs of its own; Libreswan renews on command none but its newest, even when that is gone.
    ...(peer.kind === 'libreswan' && { more: { NegotiationType: 'passive' } }),
  });
  if (variant.mode === 'route') await cloud.createGatewayRoute(gateway.gatewayId, site.lan, connectionId);
  return connectionId;
}

type Values = Omit<PeerValues, 'ikeVersion'>;

/** Where docs/peers.md says that the examples belong. */
async function stockFiles(kind: StockKind, variant: StockVariant, shown: Values): Promise<StockFiles> {
  const { mode, ikeVersion, renewsAfter } = variant;
  const example = (name: string): Promise<string> => peerExample(name, { ...shown, ikeVersion });
  const configuration = await example(`${kind}-${mode}.conf`);
  if (kind === 'strongswan') return { '/etc/swanctl/conf.d/cloud.conf': configuration };
  return {
    '/etc/ipsec.d/cloud.conf': renewsAfter === undefined ? configuration : renewingAfter(renewsAfter, configuration),
    '/etc/ipsec.d/cloud.secrets': await example('libreswan.secrets'),
    '/etc/ipsec.d/cloud-updown.sh': await example('libreswan-updown.sh'),
  };
}

function renewingAfter(seconds: number, configuration: string): string {
  const margin = 30;
  const lifetime = `salifetime=${seconds + margin}s\n\trekeymargin=${margin}s\n\trekeyfuzz=0%`;
  return configuration.replace(/salifetime=\S+/, lifetime);
}

/** Nothing but the version where the defaults fit; Libreswan knows group 19 for PFS by IKEv2 only. */
const negotiations = {
  1: { ike: { IKEVersion: 'IKEV1', DhGroupName: 'GROUP14' }, ipsec: { PfsDhGroup: 'DH-GROUP14' } },
  2: { ike: { IKEVersion: 'IKEV2' }, ipsec: {} },
} as const;
