import type { Dialect } from './dialect.ts';
import { alibabaVpn } from './dialects/alibaba-vpn.ts';
import { awsVpn } from './dialects/aws-vpn.ts';
import { azureVpn } from './dialects/azure-vpn.ts';
import { ciscoAsa } from './dialects/cisco-asa.ts';
import { ciscoIos, ciscoIosXe } from './dialects/cisco-ios.ts';
import { fortinetFortiGate } from './dialects/fortinet-fortigate.ts';
import { frr } from './dialects/frr.ts';
import { h3cComware } from './dialects/h3c-comware.ts';
import { huaweiUsg } from './dialects/huawei-usg.ts';
import { juniperSrx } from './dialects/juniper-srx.ts';
import { libreswan } from './dialects/libreswan.ts';
import { mikrotikRouterOs } from './dialects/mikrotik-routeros.ts';
import { opnsense } from './dialects/opnsense.ts';
import { paloAltoPanOs } from './dialects/paloalto-panos.ts';
import { pfsense } from './dialects/pfsense.ts';
import { sophosFirewall } from './dialects/sophos-firewall.ts';
import { strongswanIpsecConf } from './dialects/strongswan-ipsec-conf.ts';
import { strongswanSwanctl } from './dialects/strongswan-swanctl.ts';
import { vyos } from './dialects/vyos.ts';

/** In the order of DescribeCustomerGatewayVendors: first the vendor's own two (docs/spec/actions.md). */
export const dialects: readonly Dialect[] = [
  ciscoIos,
  h3cComware,
  ciscoIosXe,
  ciscoAsa,
  strongswanSwanctl,
  strongswanIpsecConf,
  libreswan,
  frr,
  vyos,
  opnsense,
  pfsense,
  mikrotikRouterOs,
  juniperSrx,
  fortinetFortiGate,
  paloAltoPanOs,
  huaweiUsg,
  sophosFirewall,
  awsVpn,
  azureVpn,
  alibabaVpn,
];

/** Null when there is none of this name. */
export function dialectOf(name: Pick<Dialect, 'vendorName' | 'platform' | 'softwareVersion'>): Dialect | null {
  return (
    dialects.find(
      ({ vendorName, platform, softwareVersion }) =>
        vendorName === name.vendorName && platform === name.platform && softwareVersion === name.softwareVersion,
    ) ?? null
  );
}
