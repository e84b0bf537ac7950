import { blockOfOne, type Cidr } from '@landbridge/net';
import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { networkAndMask, networkAndWildcard } from '../ipv4-mask.ts';
import { filterNote, keyNote, passiveNote } from '../notes.ts';
import type { PeerIdentity, PeerModel, PeerPair, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainKey, plainKeyTakes, plainName, plainNameTakes } from '../pre-shared-key.ts';
import { numbered } from '../tunnel-numbers.ts';

const ios: Platform = new Platform('Cisco IOS');

const text = (model: PeerModel): string =>
  [
    ...heading('!', model, 'to be entered in configuration mode'),
    ...(model.tunnels.every(({ natTraversal }) => natTraversal)
      ? []
      : ['no crypto ipsec nat-transparency udp-encapsulation']),
    ...numbered(model).flatMap(({ tunnel, number }) => [
      ...(tunnel.ike.version === 1 ? ikeV1(tunnel, number) : ikeV2(model, tunnel)),
      ...transformSet(tunnel),
      ...(tunnel.traffic.mode === 'route'
        ? byRoute(model, tunnel, tunnel.traffic.remotes, number)
        : byPolicy(model, tunnel, tunnel.traffic.pairs, number)),
    ]),
    'end',
    '',
  ].join('\n');

const write: Dialect['write'] = (model) => ({
  files: [{ name: 'cloud.txt', text: text(model), secret: holdsKey(model) }],
  notes: [filterNote, ...segmentNote(model), ...passiveNote(model), ...keyNote(model)],
});

/** Command references of IOS 15M&T and IOS XE 17: "Security Command Reference", "IP SLAs Command Reference". */
export const ciscoIos: Dialect = {
  vendorName: 'cisco',
  platform: 'ios',
  softwareVersion: 'V15.4',
  title: 'Cisco IOS',
  proof: 'grammar',
  comment: '!',
  write,
};

export const ciscoIosXe: Dialect = { ...ciscoIos, platform: 'ios-xe', softwareVersion: 'V17', title: 'Cisco IOS XE' };

const groups = { 1: '1', 2: '2', 5: '5', 14: '14', 15: '15', 16: '16', 19: '19', 20: '20', 21: '21', 24: '24' };
const hashesOfIkeV1 = { md5: 'md5', sha1: 'sha', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
const ciphersOfIkeV1 = { des: 'des', '3des': '3des', aes128: 'aes 128', aes192: 'aes 192', aes256: 'aes 256' } as const;
const hashesOfIkeV2 = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
const ciphersOfIkeV2 = {
  des: 'des',
  '3des': '3des',
  aes128: 'aes-cbc-128',
  aes192: 'aes-cbc-192',
  aes256: 'aes-cbc-256',
  aes128gcm16: 'aes-gcm-128',
  aes256gcm16: 'aes-gcm-256',
} as const;
const espCiphers = {
  null: 'esp-null',
  des: 'esp-des',
  '3des': 'esp-3des',
  aes128: 'esp-aes 128',
  aes192: 'esp-aes 192',
  aes256: 'esp-aes 256',
  aes128gcm16: 'esp-gcm 128',
  aes192gcm16: 'esp-gcm 192',
  aes256gcm16: 'esp-gcm 256',
} as const;
const espHashes = {
  md5: 'esp-md5-hmac',
  sha1: 'esp-sha-hmac',
  sha256: 'esp-sha256-hmac',
  sha384: 'esp-sha384-hmac',
  sha512: 'esp-sha512-hmac',
} as const;

function ikeV1(tunnel: PeerTunnel, number: number): string[] {
  const { id, ike, dpd, gatewayAddress, localIdentity } = tunnel;
  if (localIdentity.kind === 'fqdn') {
    ios.refuse(
      'localIdentity',
      localIdentity.value,
      'by IKEv1 the only name it can send is its own host name; take IKEv2',
    );
  }
  return [
    `crypto isakmp policy ${number}`,
    ` encryption ${ios.word('ike.encryption', ciphersOfIkeV1, ike.encryption)}`,
    ` hash ${ios.word('ike.integrity', hashesOfIkeV1, ike.integrity)}`,
    ' authentication pre-share',
    ` group ${ios.word('ike.dhGroup', groups, ike.dhGroup)}`,
    ` lifetime ${ios.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 60, 86_400)}`,
    'exit',
    `crypto keyring ${id}`,
    ` pre-shared-key address ${gatewayAddress} key ${key(tunnel)}`,
    'exit',
    `crypto isakmp profile ${id}`,
    ` keyring ${id}`,
    ' self-identity address',
    ` match identity ${matchIkeV1(tunnel.remoteIdentity)}`,
    ...(ike.aggressive ? [' initiate mode aggressive'] : []),
    ...(dpd.enabled ? [` keepalive ${dpdDelay(tunnel)} retry ${dpdSchedule(dpd).tries}`] : []),
    'exit',
  ];
}

function matchIkeV1({ kind, value }: PeerIdentity): string {
  return kind === 'address' ? `address ${value} 255.255.255.255` : `host ${name('remoteIdentity', value)}`;
}

function ikeV2({ device }: PeerModel, tunnel: PeerTunnel): string[] {
  const { id, ike, dpd, gatewayAddress } = tunnel;
  const hash = ios.word('ike.integrity', hashesOfIkeV2, ike.integrity);
  return [
    `crypto ikev2 proposal ${id}`,
    ` encryption ${ios.word('ike.encryption', ciphersOfIkeV2, ike.encryption)}`,
    ike.encryption.includes('gcm') ? ` prf ${hash}` : ` integrity ${hash}`,
    ` group ${ios.word('ike.dhGroup', groups, ike.dhGroup)}`,
    'exit',
    `crypto ikev2 policy ${id}`,
    ` match address local ${device.address}`,
    ` proposal ${id}`,
    'exit',
    `crypto ikev2 keyring ${id}`,
    ` peer ${id}`,
    `  address ${gatewayAddress}`,
    `  pre-shared-key ${key(tunnel)}`,
    ' exit',
    'exit',
    `crypto ikev2 profile ${id}`,
    ` match address local ${device.address}`,
    ` match identity remote ${identity('remoteIdentity', tunnel.remoteIdentity, ' 255.255.255.255')}`,
    ` identity local ${identity('localIdentity', tunnel.localIdentity)}`,
    ' authentication remote pre-share',
    ' authentication local pre-share',
    ` keyring local ${id}`,
    ` lifetime ${ios.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 120, 86_400)}`,
    ...(dpd.enabled ? [` dpd ${dpdDelay(tunnel)} ${dpdSchedule(dpd).tries} periodic`] : []),
    'exit',
  ];
}

function identity(field: string, { kind, value }: PeerIdentity, mask = ''): string {
  return kind === 'address' ? `address ${value}${mask}` : `fqdn ${name(field, value)}`;
}

function dpdDelay({ dpd }: PeerTunnel): number {
  const { delaySeconds, tries } = dpdSchedule(dpd);
  const least = 10;
  if (delaySeconds < least)
    ios.refuse('dpd.timeoutSeconds', dpd.timeoutSeconds, `it asks every ${least} s: ${least * tries} s at least`);
  return delaySeconds;
}

function transformSet({ id, esp }: PeerTunnel): string[] {
  const cipher = ios.word('esp.encryption', espCiphers, esp.encryption);
  const hash = esp.encryption.includes('gcm') ? '' : ` ${ios.word('esp.integrity', espHashes, esp.integrity)}`;
  return [`crypto ipsec transform-set ${id} ${cipher}${hash}`, ' mode tunnel', 'exit'];
}

/** What a crypto map entry and an IPsec profile both say. */
function security({ id, ike, esp }: PeerTunnel): string[] {
  return [
    ` set transform-set ${id}`,
    ike.version === 1 ? ` set isakmp-profile ${id}` : ` set ikev2-profile ${id}`,
    ...(esp.pfsGroup === null ? [] : [` set pfs group${ios.word('esp.pfsGroup', groups, esp.pfsGroup)}`]),
    ` set security-association lifetime seconds ${esp.lifetimeSeconds}`,
    ` set security-association lifetime kilobytes ${esp.lifetimeKilobytes}`,
  ];
}

function byRoute({ device }: PeerModel, tunnel: PeerTunnel, remotes: readonly Cidr[], number: number): string[] {
  const { id, healthCheck, gatewayAddress, mtu, mss } = tunnel;
  const through = `Tunnel${number}`;
  const own =
    healthCheck === null ? `unnumbered ${device.interfaceName}` : `address ${healthCheck.localAddress} 255.255.255.255`;
  const track = healthCheck === null ? '' : ` track ${number}`;
  return [
    `crypto ipsec profile ${id}`,
    ...security(tunnel),
    'exit',
    `interface ${through}`,
    ` description ${id}`,
    ` ip ${own}`,
    ` ip mtu ${mtu}`,
    ` ip tcp adjust-mss ${ios.number('mss', mss, 500, 1460)}`,
    ` tunnel source ${device.interfaceName}`,
    ` tunnel destination ${gatewayAddress}`,
    ' tunnel mode ipsec ipv4',
    ` tunnel protection ipsec profile ${id}`,
    ' no shutdown',
    'exit',
    ...probe(tunnel, through, number),
    ...remotes.map((remote) => `ip route ${networkAndMask(remote)} ${through} ${1 + tunnel.priority}${track}`),
  ];
}

function probe({ healthCheck }: PeerTunnel, through: string, number: number): string[] {
  if (healthCheck === null) return [];
  const { localAddress, remoteAddress, intervalMs, timeoutMs, threshold } = healthCheck;
  const seconds = Math.max(1, Math.ceil(intervalMs / 1000));
  return [
    `ip route ${networkAndMask(blockOfOne(remoteAddress))} ${through}`,
    `ip sla ${number}`,
    ` icmp-echo ${remoteAddress} source-ip ${localAddress}`,
    ` threshold ${timeoutMs}`,
    ` timeout ${timeoutMs}`,
    ` frequency ${seconds}`,
    'exit',
    `ip sla schedule ${number} life forever start-time now`,
    `track ${number} ip sla ${number} reachability`,
    ` delay down ${Math.min(180, seconds * (threshold - 1))} up ${seconds}`,
    'exit',
  ];
}

function byPolicy({ device }: PeerModel, tunnel: PeerTunnel, pairs: readonly PeerPair[], number: number): string[] {
  const { id, gatewayAddress } = tunnel;
  return [
    `ip access-list extended ${id}`,
    ...pairs.map(({ local, remote }) => ` permit ip ${networkAndWildcard(local)} ${networkAndWildcard(remote)}`),
    'exit',
    `crypto map CLOUD ${number} ipsec-isakmp`,
    ` set peer ${gatewayAddress}`,
    ...security(tunnel),
    ` match address ${id}`,
    'exit',
    `interface ${device.interfaceName}`,
    ' crypto map CLOUD',
    'exit',
  ];
}

function segmentNote({ tunnels: [{ traffic, mss }] }: PeerModel): string[] {
  return traffic.mode === 'route' ? [] : [`Put "ip tcp adjust-mss ${mss}" on the interface of the local network.`];
}

function key(tunnel: PeerTunnel): string {
  return ios.text('preSharedKey', keyOf(tunnel), plainKey, plainKeyTakes);
}

function name(field: string, value: string): string {
  return ios.text(field, value, plainName, plainNameTakes);
}
