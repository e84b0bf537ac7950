import { sheet } from '../sheet.ts';

/** Sophos Firewall help: "IPsec profiles", "Add a tunnel interface", "Policy-based VPN". */
export const sophosFirewall = sheet({
  vendorName: 'sophos',
  platform: 'sfos',
  softwareVersion: 'V20',
  title: 'Sophos Firewall',
  places: {
    ike: 'Profiles > IPsec profiles, phase 1; Site-to-site VPN > IPsec',
    esp: 'Profiles > IPsec profiles, phase 2; Site-to-site VPN > IPsec',
    routes: 'Network > Interfaces (xfrm), Routing > Static routes, Routing > Gateways',
  },
  modes: ['policy', 'route'],
  versions: { 1: 'IKEv1', 2: 'IKEv2' },
  ikeCiphers: { '3des': '3DES', aes128: 'AES128', aes192: 'AES192', aes256: 'AES256' },
  espCiphers: {
    '3des': '3DES',
    aes128: 'AES128',
    aes192: 'AES192',
    aes256: 'AES256',
    aes128gcm16: 'AES128GCM16',
    aes192gcm16: 'AES192GCM16',
    aes256gcm16: 'AES256GCM16',
  },
  hashes: { md5: 'MD5', sha1: 'SHA1', sha256: 'SHA2 256', sha384: 'SHA2 384', sha512: 'SHA2 512' },
  groups: {
    1: '1 (DH768)',
    2: '2 (DH1024)',
    5: '5 (DH1536)',
    14: '14 (DH2048)',
    15: '15 (DH3072)',
    16: '16 (DH4096)',
    19: '19 (ecp256)',
    20: '20 (ecp384)',
    21: '21 (ecp521)',
  },
  ikeLife: [120, 86_400],
  espLife: [120, 86_400],
  key: { form: /^[\x20-\x7e]{5,}$/, takes: 'at least 5 characters of printable ASCII' },
  identities: ['address', 'fqdn'],
  notes: [
    'By route, the connection type is "Tunnel interface", and the xfrm interface that it makes gets the health check address.',
  ],
});
