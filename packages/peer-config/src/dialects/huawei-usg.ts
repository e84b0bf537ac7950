import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { networkAndMask, networkAndWildcard } from '../ipv4-mask.ts';
import { filterNote, keyNote, passiveNote } from '../notes.ts';
import type { PeerIdentity, PeerModel, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainKey, plainKeyTakes, plainName, plainNameTakes } from '../pre-shared-key.ts';
import { numbered } from '../tunnel-numbers.ts';

const usg: Platform = new Platform('Huawei USG');

/** USG6000E "Command Reference", IPSec and IKE, and "IP-Link". */
export const huaweiUsg: Dialect = {
  vendorName: 'huawei',
  platform: 'usg',
  softwareVersion: 'V600',
  title: usg.title,
  proof: 'grammar',
  comment: '#',
  write: (model) => ({
    files: [{ name: 'cloud.txt', text: text(model), secret: holdsKey(model) }],
    notes: [
      'Enter the lines in the system view. Write security policies between the zone of the tunnel interfaces and the local network.',
      filterNote,
      ...passiveNote(model),
      ...keyNote(model),
    ],
  }),
};

const ciphers = { des: 'des', '3des': '3des', aes128: 'aes-128', aes192: 'aes-192', aes256: 'aes-256' } as const;
const espCiphers = {
  ...ciphers,
  aes128gcm16: 'aes-128-gcm-128',
  aes192gcm16: 'aes-192-gcm-128',
  aes256gcm16: 'aes-256-gcm-128',
} as const;
const hashes = { md5: 'md5', sha1: 'sha1', sha256: 'sha2-256', sha384: 'sha2-384', sha512: 'sha2-512' } as const;
const groups = {
  1: 'group1',
  2: 'group2',
  5: 'group5',
  14: 'group14',
  15: 'group15',
  16: 'group16',
  19: 'group19',
  20: 'group20',
  21: 'group21',
} as const;

function text(model: PeerModel): string {
  const [{ mss }] = model.tunnels;
  return [
    ...heading('#', model, 'VRP, system view'),
    ...numbered(model).flatMap(({ tunnel, number }) => [
      ...ikeProposal(tunnel, number),
      ...ikePeer(tunnel, number),
      ...ipsecProposal(tunnel),
      ...(tunnel.traffic.mode === 'route' ? byRoute(model, tunnel, number) : byPolicy(model, tunnel, number)),
    ]),
    `firewall tcp-mss ${usg.number('mss', mss, 128, 1460)}`,
    '',
  ].join('\n');
}

function ikeProposal({ ike }: PeerTunnel, number: number): string[] {
  const { version, encryption, integrity, dhGroup, lifetimeSeconds } = ike;
  if (encryption.includes('gcm')) usg.refuse('ike.encryption', encryption, 'only CBC ciphers are documented for IKE');
  const hash = usg.word('ike.integrity', hashes, integrity);
  return [
    `ike proposal ${number}`,
    ' authentication-method pre-share',
    ` encryption-algorithm ${usg.word('ike.encryption', ciphers, encryption as keyof typeof ciphers)}`,
    ...(version === 1
      ? [` authentication-algorithm ${hash}`]
      : [` integrity-algorithm hmac-${hash}`, ` prf hmac-${hash}`]),
    ` dh ${usg.word('ike.dhGroup', groups, dhGroup)}`,
    ` sa duration ${usg.number('ike.lifetimeSeconds', lifetimeSeconds, 60, 604_800)}`,
    ' quit',
  ];
}

function ikePeer(tunnel: PeerTunnel, number: number): string[] {
  const { id, ike, dpd, gatewayAddress } = tunnel;
  return [
    `ike peer ${id}`,
    ` undo version ${ike.version === 1 ? 2 : 1}`,
    ...(ike.version === 1 ? [` exchange-mode ${ike.aggressive ? 'aggressive' : 'main'}`] : []),
    ` pre-shared-key ${usg.text('preSharedKey', keyOf(tunnel), plainKey, plainKeyTakes)}`,
    ` ike-proposal ${number}`,
    ...identity('local', tunnel.localIdentity),
    ...identity('remote', tunnel.remoteIdentity),
    ` remote-address ${gatewayAddress}`,
    ...(dpd.enabled ? deadPeerDetection(tunnel) : []),
    ...(tunnel.natTraversal ? [' nat traversal'] : [' undo nat traversal']),
    ' quit',
  ];
}

function deadPeerDetection({ dpd }: PeerTunnel): string[] {
  const { delaySeconds, tries } = dpdSchedule(dpd);
  const least = 10;
  if (delaySeconds < least)
    usg.refuse('dpd.timeoutSeconds', dpd.timeoutSeconds, `it asks every ${least} s: ${least * tries} s at least`);
  return [' dpd type periodic', ` dpd idle-time ${delaySeconds}`, ` dpd retry-limit ${tries}`];
}

function identity(side: 'local' | 'remote', { kind, value }: PeerIdentity): string[] {
  const text = kind === 'address' ? value : usg.text(`${side}Identity`, value, plainName, plainNameTakes);
  return [` ${side}-id-type ${kind === 'address' ? 'ip' : 'fqdn'}`, ` ${side}-id ${text}`];
}

function ipsecProposal({ id, esp }: PeerTunnel): string[] {
  const isAead = esp.encryption.includes('gcm');
  return [
    `ipsec proposal ${id}`,
    ' transform esp',
    ' encapsulation-mode tunnel',
    ...(isAead ? [] : [` esp authentication-algorithm ${usg.word('esp.integrity', hashes, esp.integrity)}`]),
    ` esp encryption-algorithm ${usg.word('esp.encryption', espCiphers, esp.encryption as keyof typeof espCiphers)}`,
    ' quit',
  ];
}

function security({ id, esp }: PeerTunnel): string[] {
  return [
    ` ike-peer ${id}`,
    ` proposal ${id}`,
    ...(esp.pfsGroup === null ? [] : [` pfs dh-${usg.word('esp.pfsGroup', groups, esp.pfsGroup)}`]),
    ` sa duration time-based ${usg.number('esp.lifetimeSeconds', esp.lifetimeSeconds, 480, 604_800)}`,
    ` sa duration traffic-based ${usg.number('esp.lifetimeKilobytes', esp.lifetimeKilobytes, 2560, 4_294_967_295)}`,
  ];
}

function byPolicy({ device }: PeerModel, tunnel: PeerTunnel, number: number): string[] {
  const pairs = tunnel.traffic.mode === 'policy' ? tunnel.traffic.pairs : [];
  const acl = 3000 + number;
  return [
    `acl number ${acl}`,
    ...pairs.map(
      ({ local, remote }, index) =>
        ` rule ${5 * (index + 1)} permit ip source ${networkAndWildcard(local)} destination ${networkAndWildcard(remote)}`,
    ),
    ' quit',
    `ipsec policy cloud ${number} isakmp`,
    ` security acl ${acl}`,
    ...security(tunnel),
    ` tunnel local ${device.address}`,
    ` sa trigger-mode ${tunnel.initiates ? 'auto' : 'traffic-based'}`,
    ' quit',
    `interface ${device.interfaceName}`,
    ' ipsec policy cloud',
    ' quit',
  ];
}

function byRoute({ device }: PeerModel, tunnel: PeerTunnel, number: number): string[] {
  const { id, gatewayAddress, healthCheck, mtu, priority, traffic } = tunnel;
  const remotes = traffic.mode === 'route' ? traffic.remotes : [];
  const through = `Tunnel${number}`;
  const own =
    healthCheck === null
      ? `unnumbered interface ${device.interfaceName}`
      : `${healthCheck.localAddress} 255.255.255.255`;
  const track = healthCheck === null ? '' : ` track ip-link ${id}`;
  return [
    `ipsec profile ${id}`,
    ...security(tunnel),
    ' quit',
    `interface ${through}`,
    ` ip address ${own}`,
    ` mtu ${mtu}`,
    ' tunnel-protocol ipsec',
    ` source ${device.address}`,
    ` destination ${gatewayAddress}`,
    ` ipsec profile ${id}`,
    ...(healthCheck === null ? [] : [' service-manage ping permit']),
    ' quit',
    ...(healthCheck === null
      ? []
      : [
          `ip route-static ${healthCheck.remoteAddress} 255.255.255.255 ${through}`,
          'ip-link check enable',
          `ip-link name ${id}`,
          ` destination ${healthCheck.remoteAddress} interface ${through} mode icmp`,
          ` tx-interval ${Math.max(1, Math.ceil(healthCheck.intervalMs / 1000))}`,
          ` times ${healthCheck.threshold}`,
          ' quit',
        ]),
    ...remotes.map(
      (remote) => `ip route-static ${networkAndMask(remote)} ${through} preference ${60 + priority}${track}`,
    ),
  ];
}
