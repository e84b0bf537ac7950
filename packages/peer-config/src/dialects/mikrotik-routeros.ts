import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { filterNote, keyNote, lifeBytesNote } from '../notes.ts';
import type { PeerIdentity, PeerModel, PeerPair, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf } from '../pre-shared-key.ts';

const routerOs: Platform = new Platform('MikroTik RouterOS');

/** RouterOS 7 ("IPsec", "Scripting: constant values"). It has IPsec by policies only. */
export const mikrotikRouterOs: Dialect = {
  vendorName: 'mikrotik',
  platform: 'routeros',
  softwareVersion: 'V7',
  title: routerOs.title,
  proof: 'grammar',
  comment: '#',
  write: (model) => ({
    files: [{ name: 'cloud.rsc', text: text(model), secret: holdsKey(model) }],
    notes: [
      'Run /import cloud.rsc. Its firewall rules are added at the end: move the accept rules of srcnat before masquerade.',
      lifeBytesNote(),
      filterNote,
      ...keyNote(model),
    ],
  }),
};

const ciphers = { des: 'des', '3des': '3des', aes128: 'aes-128', aes192: 'aes-192', aes256: 'aes-256' } as const;
const espCiphers = {
  null: 'null',
  des: 'des',
  '3des': '3des',
  aes128: 'aes-128-cbc',
  aes192: 'aes-192-cbc',
  aes256: 'aes-256-cbc',
  aes128gcm16: 'aes-128-gcm',
  aes192gcm16: 'aes-192-gcm',
  aes256gcm16: 'aes-256-gcm',
} as const;
const hashes = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha512: 'sha512' } as const;
const groups = {
  1: 'modp768',
  2: 'modp1024',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  19: 'ecp256',
  20: 'ecp384',
  21: 'ecp521',
} as const;

function text(model: PeerModel): string {
  const lines = model.tunnels.flatMap((tunnel) => {
    const { traffic } = tunnel;
    if (traffic.mode === 'route')
      return routerOs.refuse('traffic.mode', 'route', 'it has no tunnel interface for IPsec');
    return [...ike(model, tunnel), ...policies(tunnel, traffic.pairs)];
  });
  return [...heading('#', model, '/import cloud.rsc'), ...lines, ''].join('\n');
}

function ike({ device }: PeerModel, tunnel: PeerTunnel): string[] {
  const { id, gatewayAddress, initiates, esp } = tunnel;
  const mode = tunnel.ike.version === 2 ? 'ike2' : tunnel.ike.aggressive ? 'aggressive' : 'main';
  return [
    '/ip ipsec profile',
    add({
      name: id,
      'enc-algorithm': routerOs.word('ike.encryption', ciphers, tunnel.ike.encryption),
      'hash-algorithm': routerOs.word('ike.integrity', hashes, tunnel.ike.integrity),
      'dh-group': routerOs.word('ike.dhGroup', groups, tunnel.ike.dhGroup),
      lifetime: `${tunnel.ike.lifetimeSeconds}s`,
      ...dpd(tunnel),
      'nat-traversal': tunnel.natTraversal ? 'yes' : 'no',
    }),
    '/ip ipsec proposal',
    add({
      name: id,
      'auth-algorithms': esp.encryption.includes('gcm') ? '""' : routerOs.word('esp.integrity', hashes, esp.integrity),
      'enc-algorithms': routerOs.word('esp.encryption', espCiphers, esp.encryption),
      lifetime: `${esp.lifetimeSeconds}s`,
      'pfs-group': esp.pfsGroup === null ? 'none' : routerOs.word('esp.pfsGroup', groups, esp.pfsGroup),
    }),
    '/ip ipsec peer',
    add({
      name: id,
      address: `${gatewayAddress}/32`,
      'local-address': device.address,
      profile: id,
      'exchange-mode': mode,
      passive: initiates ? 'no' : 'yes',
      'send-initial-contact': 'yes',
    }),
    '/ip ipsec identity',
    add({
      peer: id,
      'auth-method': 'pre-shared-key',
      secret: quoted(keyOf(tunnel)),
      'my-id': identity(tunnel.localIdentity),
      'remote-id': identity(tunnel.remoteIdentity),
    }),
  ];
}

function dpd({ dpd: wanted }: PeerTunnel): Record<string, string> {
  if (!wanted.enabled) return { 'dpd-interval': 'disable-dpd' };
  const { delaySeconds, tries } = dpdSchedule(wanted);
  return { 'dpd-interval': `${delaySeconds}s`, 'dpd-maximum-failures': String(tries) };
}

/** A CHILD_SA for each pair; what it carries keeps its addresses, and its segments fit. */
function policies({ id, mss }: PeerTunnel, pairs: readonly PeerPair[]): string[] {
  return [
    '/ip ipsec policy',
    ...pairs.map(({ local, remote }) =>
      add({
        peer: id,
        proposal: id,
        tunnel: 'yes',
        action: 'encrypt',
        level: 'unique',
        'src-address': local,
        'dst-address': remote,
      }),
    ),
    '/ip firewall nat',
    ...pairs.map(({ local, remote }) =>
      add({ chain: 'srcnat', action: 'accept', 'src-address': local, 'dst-address': remote }),
    ),
    '/ip firewall mangle',
    ...pairs.flatMap(({ local, remote }) => [clamp(mss, local, remote), clamp(mss, remote, local)]),
  ];
}

function clamp(mss: number, from: string, to: string): string {
  return add({
    chain: 'forward',
    action: 'change-mss',
    protocol: 'tcp',
    'tcp-flags': 'syn',
    'tcp-mss': `${mss + 1}-65535`,
    'new-mss': String(mss),
    'src-address': from,
    'dst-address': to,
    passthrough: 'yes',
  });
}

function add(values: Readonly<Record<string, string>>): string {
  return ['add', ...Object.entries(values).map(([name, value]) => `${name}=${value}`)].join(' ');
}

function identity({ kind, value }: PeerIdentity): string {
  return kind === 'address' ? `address:${value}` : `"fqdn:${escaped(value)}"`;
}

function quoted(value: string): string {
  return `"${escaped(value)}"`;
}

/** Every byte but letters, figures and a few marks as two figures, which is possible for all of them. */
function escaped(value: string): string {
  const bytes = [...Buffer.from(value, 'utf8')];
  return bytes
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._-]/.test(character) ? character : `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
