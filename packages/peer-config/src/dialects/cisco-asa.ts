import { cidrPrefixLength, normalizeCidr, type Cidr, type IpAddress } from '@landbridge/net';
import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { networkAndMask } from '../ipv4-mask.ts';
import { filterNote, keyNote, lifeBytesNote, passiveNote } from '../notes.ts';
import type { PeerHealthCheck, PeerModel, PeerPair, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainKey, plainKeyTakes } from '../pre-shared-key.ts';
import { numbered } from '../tunnel-numbers.ts';

const asa: Platform = new Platform('Cisco ASA');

/** "Cisco Secure Firewall ASA Series Command Reference", 9.16; on FTD the same commands go through FlexConfig. */
export const ciscoAsa: Dialect = {
  vendorName: 'cisco',
  platform: 'asa',
  softwareVersion: 'V9.16',
  title: 'Cisco ASA and FTD',
  proof: 'grammar',
  comment: '!',
  write: (model) => ({
    files: [{ name: 'cloud.txt', text: text(model), secret: holdsKey(model) }],
    notes: [
      `${model.device.interfaceName} has to be the nameif of the interface that faces the Internet.`,
      'On FTD these are commands of the ASA engine: enter them as a FlexConfig, or their values in the device manager.',
      lifeBytesNote(),
      filterNote,
      ...passiveNote(model),
      ...keyNote(model),
    ],
  }),
};

const ciphers = { aes128: 'aes', aes192: 'aes-192', aes256: 'aes-256' } as const;
const ciphersOfIkeV2 = {
  ...ciphers,
  aes128gcm16: 'aes-gcm',
  aes192gcm16: 'aes-gcm-192',
  aes256gcm16: 'aes-gcm-256',
} as const;
const espCiphers = { ...ciphersOfIkeV2, null: 'null' } as const;
const hashes = { sha1: 'sha', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
const espHashes = { sha1: 'sha-1', sha256: 'sha-256', sha384: 'sha-384', sha512: 'sha-512' } as const;
const groups = { 14: '14', 15: '15', 16: '16', 19: '19', 20: '20', 21: '21' } as const;
const groupsOfIkeV1 = { 14: '14' } as const;
const sha1Only = { sha1: 'sha' } as const;

function text(model: PeerModel): string {
  const [{ mss }] = model.tunnels;
  return [
    ...heading('!', model, 'to be entered in configuration mode'),
    'crypto isakmp identity address',
    ...numbered(model).flatMap(({ tunnel, number }) => [
      ...ikePolicy(model, tunnel, number),
      ...espProposal(tunnel),
      ...tunnelGroup(tunnel),
      ...(tunnel.traffic.mode === 'route'
        ? byRoute(model, tunnel, tunnel.traffic.remotes, number)
        : byPolicy(model, tunnel, tunnel.traffic.pairs, number)),
    ]),
    `sysopt connection tcpmss ${asa.number('mss', mss, 48, 1460)}`,
    '',
  ].join('\n');
}

function ikePolicy({ device }: PeerModel, tunnel: PeerTunnel, number: number): string[] {
  const { ike } = tunnel;
  checkIdentities(tunnel);
  const lifetime = ` lifetime${ike.version === 1 ? '' : ' seconds'} ${asa.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 120, 86_400)}`;
  if (ike.version === 1) {
    if (ike.aggressive) asa.refuse('ike.aggressive', true, 'a device with a static address goes by main mode here');
    return [
      `crypto ikev1 policy ${number}`,
      ' authentication pre-share',
      ` encryption ${asa.word('ike.encryption', ciphers, ike.encryption)}`,
      ` hash ${asa.word('ike.integrity', sha1Only, ike.integrity)}`,
      ` group ${asa.word('ike.dhGroup', groupsOfIkeV1, ike.dhGroup)}`,
      lifetime,
      `crypto ikev1 enable ${device.interfaceName}`,
    ];
  }
  const hash = asa.word('ike.integrity', hashes, ike.integrity);
  return [
    `crypto ikev2 policy ${number}`,
    ` encryption ${asa.word('ike.encryption', ciphersOfIkeV2, ike.encryption)}`,
    ` integrity ${ike.encryption.includes('gcm') ? 'null' : hash}`,
    ` group ${asa.word('ike.dhGroup', groups, ike.dhGroup)}`,
    ` prf ${hash}`,
    lifetime,
    `crypto ikev2 enable ${device.interfaceName}`,
  ];
}

/** The tunnel group is found by the gateway's address, and the device names itself by its own. */
function checkIdentities({ localIdentity, remoteIdentity, gatewayAddress }: PeerTunnel): void {
  if (localIdentity.kind === 'fqdn') asa.refuse('localIdentity', localIdentity.value, 'it names itself by its address');
  if (remoteIdentity.value !== gatewayAddress) {
    asa.refuse('remoteIdentity', remoteIdentity.value, "it knows the gateway by the gateway's address");
  }
}

function espProposal({ id, ike, esp }: PeerTunnel): string[] {
  const isAead = esp.encryption.includes('gcm');
  if (ike.version === 1) {
    const cipher = asa.word('esp.encryption', ciphers, esp.encryption);
    return [
      `crypto ipsec ikev1 transform-set ${id} esp-${cipher} esp-${asa.word('esp.integrity', sha1Only, esp.integrity)}-hmac`,
    ];
  }
  return [
    `crypto ipsec ikev2 ipsec-proposal ${id}`,
    ` protocol esp encryption ${asa.word('esp.encryption', espCiphers, esp.encryption)}`,
    ` protocol esp integrity ${isAead ? 'null' : asa.word('esp.integrity', espHashes, esp.integrity)}`,
  ];
}

function tunnelGroup(tunnel: PeerTunnel): string[] {
  const { gatewayAddress, ike, dpd } = tunnel;
  const key = asa.text('preSharedKey', keyOf(tunnel), plainKey, plainKeyTakes);
  const longestKey = 128;
  if (key.length > longestKey) asa.refuse('preSharedKey', null, `it takes ${longestKey} characters`);
  const { delaySeconds, tries } = dpdSchedule(dpd);
  return [
    `tunnel-group ${gatewayAddress} type ipsec-l2l`,
    `tunnel-group ${gatewayAddress} ipsec-attributes`,
    ...(ike.version === 1
      ? [` ikev1 pre-shared-key ${key}`]
      : [` ikev2 remote-authentication pre-shared-key ${key}`, ` ikev2 local-authentication pre-shared-key ${key}`]),
    dpd.enabled
      ? ` isakmp keepalive threshold ${asa.number('dpd.timeoutSeconds / 3', delaySeconds, 10, 3600)} retry ${tries}`
      : ' isakmp keepalive disable',
  ];
}

function security({ id, ike, esp }: PeerTunnel, entry: string): string[] {
  const groupWords = ike.version === 1 ? groupsOfIkeV1 : groups;
  return [
    `${entry}set ${ike.version === 1 ? 'ikev1 transform-set' : 'ikev2 ipsec-proposal'} ${id}`,
    ...(esp.pfsGroup === null ? [] : [`${entry}set pfs group${asa.word('esp.pfsGroup', groupWords, esp.pfsGroup)}`]),
    `${entry}set security-association lifetime seconds ${asa.number('esp.lifetimeSeconds', esp.lifetimeSeconds, 120, 214_783_647)}`,
    `${entry}set security-association lifetime kilobytes unlimited`,
  ];
}

function byRoute({ device }: PeerModel, tunnel: PeerTunnel, remotes: readonly Cidr[], number: number): string[] {
  const { id, gatewayAddress, healthCheck } = tunnel;
  if (healthCheck === null) asa.refuse('healthCheck', null, 'its tunnel interface needs an address and a next hop');
  const network = sharedNetwork(healthCheck);
  const through = `cloud${number}`;
  return [
    `crypto ipsec profile ${id}`,
    ...security(tunnel, ' '),
    `interface Tunnel${number}`,
    ` nameif ${through}`,
    ` ip address ${healthCheck.localAddress} ${networkAndMask(network).split(' ')[1] ?? ''}`,
    ` tunnel source interface ${device.interfaceName}`,
    ` tunnel destination ${gatewayAddress}`,
    ' tunnel mode ipsec ipv4',
    ` tunnel protection ipsec profile ${id}`,
    ...probe(healthCheck, through, number),
    ...remotes.map(
      (remote) =>
        `route ${through} ${networkAndMask(remote)} ${healthCheck.remoteAddress} ${1 + tunnel.priority} track ${number}`,
    ),
  ];
}

/** The default pair of addresses are the two hosts of a /30 (docs/spec/semantics.md section 7). */
function sharedNetwork({ localAddress, remoteAddress }: PeerHealthCheck): Cidr {
  const of = (address: IpAddress): Cidr => normalizeCidr(`${address}/30`);
  const network = of(localAddress);
  if (cidrPrefixLength(network) !== 30 || network !== of(remoteAddress)) {
    asa.refuse(
      'healthCheck.remoteAddress',
      remoteAddress,
      `it has to be in one /30 with ${localAddress}, as the next hop`,
    );
  }
  return network;
}

function probe({ remoteAddress, intervalMs, timeoutMs }: PeerHealthCheck, through: string, number: number): string[] {
  return [
    `sla monitor ${number}`,
    ` type echo protocol ipIcmpEcho ${remoteAddress} interface ${through}`,
    ` timeout ${timeoutMs}`,
    ` frequency ${Math.max(1, Math.ceil(intervalMs / 1000))}`,
    `sla monitor schedule ${number} life forever start-time now`,
    `track ${number} rtr ${number} reachability`,
  ];
}

function byPolicy({ device }: PeerModel, tunnel: PeerTunnel, pairs: readonly PeerPair[], number: number): string[] {
  const { id, gatewayAddress } = tunnel;
  const entry = `crypto map CLOUD ${number} `;
  return [
    ...pairs.map(
      ({ local, remote }) => `access-list ${id} extended permit ip ${networkAndMask(local)} ${networkAndMask(remote)}`,
    ),
    `${entry}match address ${id}`,
    `${entry}set peer ${gatewayAddress}`,
    ...security(tunnel, entry),
    `crypto map CLOUD interface ${device.interfaceName}`,
  ];
}
