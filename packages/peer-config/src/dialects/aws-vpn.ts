import { sheet } from '../sheet.ts';

/** AWS Site-to-Site VPN User Guide, "Tunnel options". */
export const awsVpn = sheet({
  vendorName: 'aws',
  platform: 'site-to-site-vpn',
  softwareVersion: 'V1.0',
  title: 'AWS Site-to-Site VPN',
  places: {
    ike: 'Customer gateways; Site-to-Site VPN connections > tunnel options, phase 1',
    esp: 'Site-to-Site VPN connections > tunnel options, phase 2',
    routes: 'Site-to-Site VPN connections > static routes; route tables',
  },
  modes: ['route'],
  versions: { 1: 'ikev1', 2: 'ikev2' },
  ikeCiphers: { aes128: 'AES128', aes256: 'AES256', aes128gcm16: 'AES128-GCM-16', aes256gcm16: 'AES256-GCM-16' },
  espCiphers: { aes128: 'AES128', aes256: 'AES256', aes128gcm16: 'AES128-GCM-16', aes256gcm16: 'AES256-GCM-16' },
  hashes: { sha1: 'SHA1', sha256: 'SHA2-256', sha384: 'SHA2-384', sha512: 'SHA2-512' },
  groups: { 2: '2', 14: '14', 15: '15', 16: '16', 19: '19', 20: '20', 21: '21', 24: '24' },
  ikeLife: [900, 28_800],
  espLife: [900, 3600],
  key: { form: /^(?!0)[A-Za-z0-9._]{8,64}$/, takes: '8 to 64 letters, figures, dots and underscores, not 0 first' },
  identities: ['address'],
  notes: [
    'The outside address of the tunnel is given by AWS: it is the customer gateway of the tunnel here, and comes first.',
    'AWS always uses PFS: the tunnel here needs a PFS group.',
  ],
});
