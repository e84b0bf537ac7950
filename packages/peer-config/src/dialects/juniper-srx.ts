import type { Cidr } from '@landbridge/net';
import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { filterNote, keyNote } from '../notes.ts';
import type { PeerHealthCheck, PeerIdentity, PeerModel, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainName, plainNameTakes } from '../pre-shared-key.ts';
import { numbered } from '../tunnel-numbers.ts';

const srx: Platform = new Platform('Juniper SRX');

/** Junos OS 20 on SRX ("IPsec VPN User Guide", statements of [edit security ike] and [edit security ipsec]). */
export const juniperSrx: Dialect = {
  vendorName: 'juniper',
  platform: 'junos',
  softwareVersion: 'V20',
  title: srx.title,
  proof: 'grammar',
  comment: '#',
  write: (model) => ({
    files: [{ name: 'cloud.set', text: text(model), secret: holdsKey(model) }],
    notes: [
      'Load it with "load set cloud.set", then commit.',
      'The zone cloud holds the tunnel interfaces: write security policies between it and the zone of the local network.',
      'IKE has to be allowed on the outer zone: host-inbound-traffic system-services ike.',
      filterNote,
      ...keyNote(model),
    ],
  }),
};

const ciphers = {
  des: 'des-cbc',
  '3des': '3des-cbc',
  aes128: 'aes-128-cbc',
  aes192: 'aes-192-cbc',
  aes256: 'aes-256-cbc',
} as const;
const espCiphers = {
  ...ciphers,
  aes128gcm16: 'aes-128-gcm',
  aes192gcm16: 'aes-192-gcm',
  aes256gcm16: 'aes-256-gcm',
} as const;
const hashes = { md5: 'md5', sha1: 'sha1', sha256: 'sha-256', sha384: 'sha-384', sha512: 'sha-512' } as const;
const espHashes = {
  md5: 'hmac-md5-96',
  sha1: 'hmac-sha1-96',
  sha256: 'hmac-sha-256-128',
  sha384: 'hmac-sha-384',
  sha512: 'hmac-sha-512',
} as const;
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
  24: 'group24',
} as const;

function text(model: PeerModel): string {
  const [{ mss }] = model.tunnels;
  return [
    ...heading('#', model, 'load set cloud.set'),
    ...numbered(model).flatMap(({ tunnel, number }) => [
      ...ike(model, tunnel),
      ...ipsec(tunnel, `st0.${number}`),
      ...tunnelInterface(tunnel, number),
    ]),
    ...switchover(model),
    `set security flow tcp-mss ipsec-vpn mss ${srx.number('mss', mss, 64, 65_535)}`,
    '',
  ].join('\n');
}

function ike({ device }: PeerModel, tunnel: PeerTunnel): string[] {
  const { id, dpd, gatewayAddress } = tunnel;
  const { version, aggressive, encryption, integrity, dhGroup, lifetimeSeconds } = tunnel.ike;
  if (encryption.includes('gcm'))
    srx.refuse('ike.encryption', encryption, 'it has no word for the PRF that goes with it');
  const [proposal, policy, gateway] = ['proposal', 'policy', 'gateway'].map((kind) => `set security ike ${kind} ${id}`);
  return [
    `${proposal} authentication-method pre-shared-keys`,
    `${proposal} dh-group ${srx.word('ike.dhGroup', groups, dhGroup)}`,
    `${proposal} authentication-algorithm ${srx.word('ike.integrity', hashes, integrity)}`,
    `${proposal} encryption-algorithm ${srx.word('ike.encryption', ciphers, encryption as keyof typeof ciphers)}`,
    `${proposal} lifetime-seconds ${srx.number('ike.lifetimeSeconds', lifetimeSeconds, 180, 86_400)}`,
    ...(version === 1 ? [`${policy} mode ${aggressive ? 'aggressive' : 'main'}`] : []),
    `${policy} proposals ${id}`,
    `${policy} pre-shared-key ${key(tunnel)}`,
    `${gateway} ike-policy ${id}`,
    `${gateway} address ${gatewayAddress}`,
    `${gateway} external-interface ${device.interfaceName}`,
    `${gateway} local-address ${device.address}`,
    `${gateway} local-identity ${identity('localIdentity', tunnel.localIdentity)}`,
    `${gateway} remote-identity ${identity('remoteIdentity', tunnel.remoteIdentity)}`,
    `${gateway} version v${version}-only`,
    ...(tunnel.natTraversal ? [] : [`${gateway} no-nat-traversal`]),
    ...(dpd.enabled ? deadPeerDetection(tunnel, `${gateway} dead-peer-detection`) : []),
  ];
}

function deadPeerDetection({ dpd }: PeerTunnel, statement: string): string[] {
  const { delaySeconds, tries } = dpdSchedule(dpd);
  const least = 10;
  if (delaySeconds < least)
    srx.refuse('dpd.timeoutSeconds', dpd.timeoutSeconds, `it asks every ${least} s: ${least * tries} s at least`);
  return [`${statement} always-send`, `${statement} interval ${delaySeconds}`, `${statement} threshold ${tries}`];
}

function ipsec({ id, esp, traffic, initiates }: PeerTunnel, through: string): string[] {
  const [proposal, policy, vpn] = ['proposal', 'policy', 'vpn'].map((kind) => `set security ipsec ${kind} ${id}`);
  const hash = esp.encryption.includes('gcm')
    ? []
    : [`${proposal} authentication-algorithm ${srx.word('esp.integrity', espHashes, esp.integrity)}`];
  return [
    `${proposal} protocol esp`,
    `${proposal} encryption-algorithm ${srx.word('esp.encryption', espCiphers, esp.encryption as keyof typeof espCiphers)}`,
    ...hash,
    `${proposal} lifetime-seconds ${srx.number('esp.lifetimeSeconds', esp.lifetimeSeconds, 180, 86_400)}`,
    `${proposal} lifetime-kilobytes ${srx.number('esp.lifetimeKilobytes', esp.lifetimeKilobytes, 64, 4_294_967_294)}`,
    ...(esp.pfsGroup === null
      ? []
      : [`${policy} perfect-forward-secrecy keys ${srx.word('esp.pfsGroup', groups, esp.pfsGroup)}`]),
    `${policy} proposals ${id}`,
    `${vpn} bind-interface ${through}`,
    `${vpn} ike gateway ${id}`,
    `${vpn} ike ipsec-policy ${id}`,
    ...(traffic.mode === 'policy'
      ? traffic.pairs.map(
          ({ local, remote }, index) =>
            `${vpn} traffic-selector pair-${index + 1} local-ip ${local} remote-ip ${remote}`,
        )
      : []),
    `${vpn} establish-tunnels ${initiates ? 'immediately' : 'responder-only'}`,
  ];
}

function tunnelInterface({ traffic, healthCheck, mtu, priority }: PeerTunnel, number: number): string[] {
  const unit = `set interfaces st0 unit ${number} family inet`;
  const through = `st0.${number}`;
  return [
    `${unit} mtu ${mtu}`,
    ...(healthCheck === null ? [] : [`${unit} address ${healthCheck.localAddress}/32`]),
    `set security zones security-zone cloud interfaces ${through}`,
    ...(healthCheck === null
      ? []
      : [
          `set security zones security-zone cloud interfaces ${through} host-inbound-traffic system-services ping`,
          `set routing-options static route ${healthCheck.remoteAddress}/32 next-hop ${through}`,
        ]),
    // Traffic selectors bring their routes themselves.
    ...(traffic.mode === 'route' ? traffic.remotes.map((remote) => routeThrough(remote, through, priority)) : []),
  ];
}

function routeThrough(remote: Cidr, through: string, priority: number): string {
  return `set routing-options static route ${remote} qualified-next-hop ${through} preference ${5 + priority}`;
}

/** When the preferred tunnel's probes fail, its ranges are routed into the other. */
function switchover(model: PeerModel): string[] {
  return numbered(model).flatMap(({ tunnel, number }, index) => {
    const { healthCheck, traffic, id } = tunnel;
    if (healthCheck === null || traffic.mode === 'policy') return [];
    const policy = `set services ip-monitoring policy ${id}`;
    const isPreferred = index === 0 && model.tunnels.length > 1;
    return [
      ...probe(id, healthCheck, `st0.${number}`),
      ...(isPreferred
        ? [
            `${policy} match rpm-probe ${id}`,
            ...traffic.remotes.map(
              (remote) => `${policy} then preferred-route route ${remote} next-hop st0.${number + 1}`,
            ),
          ]
        : []),
    ];
  });
}

function probe(id: string, check: PeerHealthCheck, through: string): string[] {
  const statement = `set services rpm probe ${id} test health`;
  const seconds = Math.max(1, Math.ceil(check.intervalMs / 1000));
  return [
    `${statement} probe-type icmp-ping`,
    `${statement} target address ${check.remoteAddress}`,
    `${statement} source-address ${check.localAddress}`,
    `${statement} probe-count ${Math.min(15, check.threshold)}`,
    `${statement} probe-interval ${seconds}`,
    `${statement} test-interval ${seconds}`,
    `${statement} thresholds successive-loss ${Math.min(15, check.threshold)}`,
    `${statement} destination-interface ${through}`,
  ];
}

function identity(field: string, { kind, value }: PeerIdentity): string {
  return kind === 'address' ? `inet ${value}` : `hostname ${srx.text(field, value, plainName, plainNameTakes)}`;
}

/** As figures where the key could be more than one word. */
function key(tunnel: PeerTunnel): string {
  const value = keyOf(tunnel);
  return /^[A-Za-z0-9._-]+$/.test(value)
    ? `ascii-text "${value}"`
    : `hexadecimal ${Buffer.from(value, 'utf8').toString('hex')}`;
}
