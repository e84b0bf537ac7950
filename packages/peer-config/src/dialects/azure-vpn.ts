import { sheet } from '../sheet.ts';

/** Azure VPN Gateway, "About cryptographic requirements" (custom IPsec/IKE policy). */
export const azureVpn = sheet({
  vendorName: 'azure',
  platform: 'vpn-gateway',
  softwareVersion: 'V1.0',
  title: 'Azure VPN Gateway',
  places: {
    ike: 'Local network gateways; Connections > Configuration, IKE phase 1',
    esp: 'Connections > Configuration, IKE phase 2',
    routes: 'Local network gateways > Address space',
  },
  modes: ['policy', 'route'],
  versions: { 2: 'IKEv2' },
  ikeCiphers: { aes128: 'AES128', aes192: 'AES192', aes256: 'AES256', '3des': 'DES3', des: 'DES' },
  espCiphers: {
    null: 'None',
    des: 'DES',
    '3des': 'DES3',
    aes128: 'AES128',
    aes192: 'AES192',
    aes256: 'AES256',
    aes128gcm16: 'GCMAES128',
    aes192gcm16: 'GCMAES192',
    aes256gcm16: 'GCMAES256',
  },
  hashes: { md5: 'MD5', sha1: 'SHA1', sha256: 'SHA256', sha384: 'SHA384' },
  groups: { 1: 'DHGroup1', 2: 'DHGroup2', 14: 'DHGroup14', 19: 'ECP256', 20: 'ECP384', 24: 'DHGroup24' },
  // Azure has 28800 s for IKE and no field for it: the gateway's own, longer one is no matter with IKEv2.
  ikeLife: [28_800, 604_800],
  espLife: [300, 172_799],
  key: { form: /^[\x20-\x7e]{1,128}$/, takes: '1 to 128 characters of printable ASCII' },
  identities: ['address'],
  notes: ['With policies, switch "Use policy based traffic selectors" of the connection on.'],
});
