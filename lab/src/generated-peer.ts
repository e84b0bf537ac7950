import type { IdcSite } from './idc-site.ts';
import type { PrivateFiles } from './private-files.ts';
import { runChecked } from '@landbridge/testbed/run-command';
import type { StockDevice, StockFiles } from './stock-device.ts';
import type { Tenant } from './tenant.ts';
import type { Vpc1 } from './vpc-1.ts';

/** A device that is configured by what DownloadCustomerGatewayConfiguration answers, and by nothing else. */
export interface GeneratedPeer {
  readonly site: IdcSite;
  readonly device: StockDevice;
  readonly files: PrivateFiles;
  readonly vendor: GeneratedVendor;
}

export interface GeneratedVendor {
  /** Of CustomerGatewayVendor. */
  readonly name: string;
  readonly platform: string;
  readonly version: string;
  /** Where the notes say that a file belongs. */
  readonly placeOf: (name: string) => string;
}

const scriptPath = '/etc/route-interface.sh';

export const generatedVendors = {
  swanctl: {
    name: 'strongswan',
    platform: 'swanctl',
    version: 'V5.9',
    placeOf: (name) => (name === 'cloud.conf' ? '/etc/swanctl/conf.d/cloud.conf' : `/etc/${name}`),
  },
  ipsecConf: { name: 'strongswan', platform: 'ipsec.conf', version: 'V5.9', placeOf: (name) => `/etc/${name}` },
  libreswan: {
    name: 'libreswan',
    platform: 'libreswan',
    version: 'V4.10',
    placeOf: (name) => `/etc/ipsec.d/${name}`,
  },
} as const satisfies Record<string, GeneratedVendor>;

export interface GeneratedVariant {
  readonly mode: 'route' | 'policy';
  readonly ikeVersion: 1 | 2;
  /** The device's, instead of its address. */
  readonly fqdn?: string;
  /** The gateway's own; the device does what is left. */
  readonly negotiation: 'active' | 'passive';
}

/** A text that every file's syntax could take for something of its own. */
export const awkwardKey = `it's "the" key; #1 {of} \\ both, ключ`;

/** Creates the tunnel, downloads the device's configuration, and starts the device with it. Returns the tunnel's id. */
export async function connectGeneratedPeer(
  { cloud }: Tenant,
  { vpcId, gateway }: Vpc1,
  { site, device, files, vendor }: GeneratedPeer,
  { mode, ikeVersion, fqdn, negotiation }: GeneratedVariant,
): Promise<string> {
  const ike = {
    IKEVersion: `IKEV${ikeVersion}`,
    ...(ikeVersion === 1 && { DhGroupName: 'GROUP14' }),
    ...(fqdn !== undefined && { RemoteIdentity: 'FQDN', RemoteFqdnName: fqdn }),
  };
  const connectionId = await cloud.createVpnConnection({
    gatewayId: gateway.gatewayId,
    customerGatewayId: await cloud.createCustomerGateway(site.name, site.publicAddress),
    vpcId,
    name: `to ${site.name}; } # "`,
    preSharedKey: awkwardKey,
    negotiation: { ike, ipsec: ikeVersion === 1 ? { PfsDhGroup: 'DH-GROUP14' } : {} },
    ...(mode === 'policy' && { policies: { '10.0.1.0/24': [site.lan], '10.0.2.0/24': [site.lan] } }),
    more: { NegotiationType: negotiation, DpdEnable: 1 },
  });
  if (mode === 'route') await cloud.createGatewayRoute(gateway.gatewayId, site.lan, connectionId);
  const { CustomerGatewayConfiguration: text } = await cloud.call('DownloadCustomerGatewayConfiguration', {
    VpnGatewayId: gateway.gatewayId,
    VpnConnectionId: connectionId,
    CustomerGatewayVendor: { VendorName: vendor.name, Platform: vendor.platform, SoftwareVersion: vendor.version },
    InterfaceName: 'wan',
  });
  const placed = filesIn(String(text), vendor.placeOf);
  await device.configure(placed);
  if (scriptPath in placed) await runChecked(files.enter(['sh', scriptPath]));
  await device.start();
  return connectionId;
}

/** The files of a downloaded configuration, by where they belong. */
export function filesIn(text: string, placeOf: (name: string) => string): StockFiles {
  const parts = text.split(/^[#!] ===== (\S+)\n/m).slice(1);
  const names = parts.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(names.map((name, index) => [placeOf(name), parts[2 * index + 1] ?? '']));
}
