import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { networkAndMask, networkAndWildcard } from '../ipv4-mask.ts';
import { filterNote, keyNote } from '../notes.ts';
import type { PeerIdentity, PeerModel, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainKey, plainKeyTakes, plainName, plainNameTakes } from '../pre-shared-key.ts';
import { numbered } from '../tunnel-numbers.ts';

const comware: Platform = new Platform('H3C Comware');

/** Comware 7: "IPsec commands", "IKE commands", "IKEv2 commands", "NQA commands". */
export const h3cComware: Dialect = {
  vendorName: 'h3c',
  platform: 'comware',
  softwareVersion: 'V1.0',
  title: comware.title,
  proof: 'grammar',
  comment: '#',
  write: (model) => ({
    files: [{ name: 'cloud.txt', text: text(model), secret: holdsKey(model) }],
    notes: ['Enter the lines in system view, on Comware 7.', filterNote, ...keyNote(model)],
  }),
};

const ciphers = {
  des: 'des-cbc',
  '3des': '3des-cbc',
  aes128: 'aes-cbc-128',
  aes192: 'aes-cbc-192',
  aes256: 'aes-cbc-256',
} as const;
const espCiphers = {
  ...ciphers,
  null: 'null',
  aes128gcm16: 'gcm-128',
  aes192gcm16: 'gcm-192',
  aes256gcm16: 'gcm-256',
} as const;
const hashesOfIkeV1 = { md5: 'md5', sha1: 'sha', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
const hashes = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
const groupsOfIkeV1 = { 1: 'group1', 2: 'group2', 5: 'group5', 14: 'group14', 24: 'group24' } as const;
const groupsOfIkeV2 = { ...groupsOfIkeV1, 19: 'group19', 20: 'group20' } as const;
const pfsGroups = {
  1: 'dh-group1',
  2: 'dh-group2',
  5: 'dh-group5',
  14: 'dh-group14',
  19: 'dh-group19',
  20: 'dh-group20',
  24: 'dh-group24',
} as const;

function text(model: PeerModel): string {
  return [
    ...heading('#', model, 'Comware, system view'),
    ...numbered(model).flatMap(({ tunnel, number }) => [
      ...(tunnel.ike.version === 1 ? ikeV1(tunnel, number) : ikeV2(model, tunnel)),
      ...transformSet(tunnel),
      ...(tunnel.traffic.mode === 'route' ? byRoute(model, tunnel, number) : byPolicy(model, tunnel, number)),
    ]),
    '',
  ].join('\n');
}

function ikeV1(tunnel: PeerTunnel, number: number): string[] {
  const { id, ike, gatewayAddress } = tunnel;
  return [
    `ike proposal ${number}`,
    ' authentication-method pre-share',
    ` encryption-algorithm ${comware.word('ike.encryption', ciphers, ike.encryption as keyof typeof ciphers)}`,
    ` authentication-algorithm ${comware.word('ike.integrity', hashesOfIkeV1, ike.integrity)}`,
    ` dh ${comware.word('ike.dhGroup', groupsOfIkeV1, ike.dhGroup as keyof typeof groupsOfIkeV1)}`,
    ` sa duration ${comware.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 60, 604_800)}`,
    ' quit',
    `ike keychain ${id}`,
    ` pre-shared-key address ${gatewayAddress} 255.255.255.255 key simple ${key(tunnel)}`,
    ' quit',
    `ike profile ${id}`,
    ` keychain ${id}`,
    ` exchange-mode ${ike.aggressive ? 'aggressive' : 'main'}`,
    ` local-identity ${identity('localIdentity', tunnel.localIdentity)}`,
    ` match remote identity ${identity('remoteIdentity', tunnel.remoteIdentity, ' 255.255.255.255')}`,
    ` proposal ${number}`,
    ...deadPeerDetection(tunnel),
    ' quit',
  ];
}

function ikeV2({ device }: PeerModel, tunnel: PeerTunnel): string[] {
  const { id, ike, gatewayAddress } = tunnel;
  const hash = comware.word('ike.integrity', hashes, ike.integrity);
  if (ike.encryption.includes('gcm'))
    comware.refuse('ike.encryption', ike.encryption, 'only CBC ciphers are documented for IKE');
  return [
    `ikev2 proposal ${id}`,
    ` encryption ${comware.word('ike.encryption', ciphers, ike.encryption as keyof typeof ciphers)}`,
    ` integrity ${hash}`,
    ` prf ${hash}`,
    ` dh ${comware.word('ike.dhGroup', groupsOfIkeV2, ike.dhGroup as keyof typeof groupsOfIkeV2)}`,
    ' quit',
    `ikev2 policy ${id}`,
    ` match local address ${device.address}`,
    ` proposal ${id}`,
    ' quit',
    `ikev2 keychain ${id}`,
    ` peer ${id}`,
    `  address ${gatewayAddress} 255.255.255.255`,
    `  pre-shared-key plaintext ${key(tunnel)}`,
    '  quit',
    ' quit',
    `ikev2 profile ${id}`,
    ' authentication-method local pre-share',
    ' authentication-method remote pre-share',
    ` keychain ${id}`,
    ` identity local ${identity('localIdentity', tunnel.localIdentity)}`,
    ` match remote identity ${identity('remoteIdentity', tunnel.remoteIdentity, ' 255.255.255.255')}`,
    ` sa duration ${comware.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 120, 86_400)}`,
    ...deadPeerDetection(tunnel),
    ' quit',
  ];
}

function deadPeerDetection({ dpd }: PeerTunnel): string[] {
  if (!dpd.enabled) return [];
  const { delaySeconds } = dpdSchedule(dpd);
  const least = 10;
  if (delaySeconds < least)
    comware.refuse('dpd.timeoutSeconds', dpd.timeoutSeconds, `it asks every ${least} s: ${3 * least} s at least`);
  return [` dpd interval ${delaySeconds} periodic`];
}

function identity(field: string, { kind, value }: PeerIdentity, mask = ''): string {
  if (kind === 'address') return `address ${value}${mask}`;
  return `fqdn ${comware.text(field, value, plainName, plainNameTakes)}`;
}

function transformSet({ id, esp }: PeerTunnel): string[] {
  const isAead = esp.encryption.includes('gcm');
  return [
    `ipsec transform-set ${id}`,
    ' encapsulation-mode tunnel',
    ` esp encryption-algorithm ${comware.word('esp.encryption', espCiphers, esp.encryption)}`,
    ...(isAead ? [] : [` esp authentication-algorithm ${comware.word('esp.integrity', hashes, esp.integrity)}`]),
    ...(esp.pfsGroup === null
      ? []
      : [` pfs ${comware.word('esp.pfsGroup', pfsGroups, esp.pfsGroup as keyof typeof pfsGroups)}`]),
    ' quit',
  ];
}

function security({ id, ike, esp }: PeerTunnel): string[] {
  return [
    ` transform-set ${id}`,
    ike.version === 1 ? ` ike-profile ${id}` : ` ikev2-profile ${id}`,
    ` sa duration time-based ${comware.number('esp.lifetimeSeconds', esp.lifetimeSeconds, 180, 604_800)}`,
    ` sa duration traffic-based ${comware.number('esp.lifetimeKilobytes', esp.lifetimeKilobytes, 2560, 4_294_967_295)}`,
  ];
}

function byPolicy({ device }: PeerModel, tunnel: PeerTunnel, number: number): string[] {
  const pairs = tunnel.traffic.mode === 'policy' ? tunnel.traffic.pairs : [];
  const acl = 3000 + number;
  return [
    `acl advanced ${acl}`,
    ...pairs.map(
      ({ local, remote }, index) =>
        ` rule ${5 * (index + 1)} permit ip source ${networkAndWildcard(local)} destination ${networkAndWildcard(remote)}`,
    ),
    ' quit',
    `ipsec policy cloud ${number} isakmp`,
    ` security acl ${acl}`,
    ...security(tunnel),
    ` local-address ${device.address}`,
    ` remote-address ${tunnel.gatewayAddress}`,
    ` sa trigger-mode ${tunnel.initiates ? 'auto' : 'traffic-based'}`,
    ' quit',
    `interface ${device.interfaceName}`,
    ' ipsec apply policy cloud',
    ` tcp mss ${comware.number('mss', tunnel.mss, 128, 2048)}`,
    ' quit',
  ];
}

function byRoute({ device }: PeerModel, tunnel: PeerTunnel, number: number): string[] {
  const { id, gatewayAddress, healthCheck, mtu, mss, priority, traffic } = tunnel;
  const remotes = traffic.mode === 'route' ? traffic.remotes : [];
  const through = `Tunnel${number}`;
  const own =
    healthCheck === null
      ? `unnumbered interface ${device.interfaceName}`
      : `${healthCheck.localAddress} 255.255.255.255`;
  const track = healthCheck === null ? '' : ` track ${number}`;
  return [
    `ipsec profile ${id} isakmp`,
    ...security(tunnel),
    ' quit',
    `interface ${through} mode ipsec`,
    ` ip address ${own}`,
    ` mtu ${mtu}`,
    ` tcp mss ${comware.number('mss', mss, 128, 2048)}`,
    ` source ${device.address}`,
    ` destination ${gatewayAddress}`,
    ` tunnel protection ipsec profile ${id}`,
    ' quit',
    ...probe(tunnel, through, number),
    ...remotes.map(
      (remote) => `ip route-static ${networkAndMask(remote)} ${through}${track} preference ${60 + priority}`,
    ),
  ];
}

function probe({ healthCheck }: PeerTunnel, through: string, number: number): string[] {
  if (healthCheck === null) return [];
  const { localAddress, remoteAddress, intervalMs, timeoutMs, threshold } = healthCheck;
  return [
    `ip route-static ${remoteAddress} 255.255.255.255 ${through}`,
    `nqa entry cloud ${number}`,
    ' type icmp-echo',
    `  destination ip ${remoteAddress}`,
    `  source ip ${localAddress}`,
    `  frequency ${intervalMs}`,
    `  probe timeout ${timeoutMs}`,
    `  reaction 1 checked-element probe-fail threshold-type consecutive ${threshold} action-type trigger-only`,
    '  quit',
    ' quit',
    `nqa schedule cloud ${number} start-time now lifetime forever`,
    `track ${number} nqa entry cloud ${number} reaction 1`,
  ];
}

function key(tunnel: PeerTunnel): string {
  return comware.text('preSharedKey', keyOf(tunnel), plainKey, plainKeyTakes);
}
