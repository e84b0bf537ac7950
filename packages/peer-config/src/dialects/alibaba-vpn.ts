import { sheet } from '../sheet.ts';

/** Alibaba Cloud VPN Gateway, CreateVpnConnection: IkeConfig and IpsecConfig. */
export const alibabaVpn = sheet({
  vendorName: 'alibaba',
  platform: 'vpn-gateway',
  softwareVersion: 'V1.0',
  title: 'Alibaba Cloud VPN Gateway',
  places: {
    ike: 'Customer Gateways; IPsec Connections > Encryption Configurations, IKE',
    esp: 'IPsec Connections > Encryption Configurations, IPsec',
    routes: 'VPN Gateways > Destination-based Routing, or Policy-based Routing',
  },
  modes: ['policy', 'route'],
  versions: { 1: 'ikev1', 2: 'ikev2' },
  ikeCiphers: { des: 'des', '3des': '3des', aes128: 'aes', aes192: 'aes192', aes256: 'aes256' },
  espCiphers: { des: 'des', '3des': '3des', aes128: 'aes', aes192: 'aes192', aes256: 'aes256' },
  hashes: { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' },
  groups: { 1: 'group1', 2: 'group2', 5: 'group5', 14: 'group14' },
  ikeLife: [60, 86_400],
  espLife: [60, 86_400],
  key: { form: /^[\x21-\x7e]{1,100}$/, takes: '1 to 100 characters of printable ASCII without spaces' },
  identities: ['address', 'fqdn'],
  notes: [],
});
