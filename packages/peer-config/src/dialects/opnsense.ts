import { sheet, type SheetWords } from '../sheet.ts';

/** What both systems offer: their daemon is strongSwan. */
export const bsdFirewall: Pick<
  SheetWords,
  | 'modes'
  | 'versions'
  | 'ikeCiphers'
  | 'espCiphers'
  | 'hashes'
  | 'groups'
  | 'ikeLife'
  | 'espLife'
  | 'key'
  | 'identities'
> = {
  modes: ['policy', 'route'],
  versions: { 1: 'IKEv1', 2: 'IKEv2' },
  ikeCiphers: {
    aes128: 'AES 128 bits',
    aes192: 'AES 192 bits',
    aes256: 'AES 256 bits',
    aes128gcm16: 'AES128-GCM 128 bits',
    aes192gcm16: 'AES192-GCM 128 bits',
    aes256gcm16: 'AES256-GCM 128 bits',
  },
  espCiphers: {
    aes128: 'AES 128 bits',
    aes192: 'AES 192 bits',
    aes256: 'AES 256 bits',
    aes128gcm16: 'AES128-GCM 128 bits',
    aes192gcm16: 'AES192-GCM 128 bits',
    aes256gcm16: 'AES256-GCM 128 bits',
  },
  hashes: { sha1: 'SHA1', sha256: 'SHA256', sha384: 'SHA384', sha512: 'SHA512' },
  groups: {
    1: '1 (768 bit)',
    2: '2 (1024 bit)',
    5: '5 (1536 bit)',
    14: '14 (2048 bit)',
    15: '15 (3072 bit)',
    16: '16 (4096 bit)',
    19: '19 (nist ecp256)',
    20: '20 (nist ecp384)',
    21: '21 (nist ecp521)',
    24: '24 (2048(sub 256) bit)',
  },
  ikeLife: [60, 604_800],
  espLife: [60, 604_800],
  key: { form: /^[\x20-\x7e]+$/, takes: 'printable ASCII' },
  identities: ['address', 'fqdn'],
};

/** VPN: IPsec: Tunnel Settings (legacy), and Connections since 23.1. */
export const opnsense = sheet({
  ...bsdFirewall,
  vendorName: 'opnsense',
  platform: 'opnsense',
  softwareVersion: 'V24',
  title: 'OPNsense',
  places: {
    ike: 'VPN > IPsec > Tunnel Settings, phase 1',
    esp: 'VPN > IPsec > Tunnel Settings, phase 2',
    routes: 'System > Gateways, System > Routes, Firewall > Settings > Normalization',
  },
  notes: ['By route, turn "Install policy" of phase 1 off; OPNsense makes the interface ipsecN.'],
});
