import { cidrPrefixLength, type Cidr } from '@landbridge/net';
import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { networkAndMask } from '../ipv4-mask.ts';
import { filterNote, keyNote } from '../notes.ts';
import type { PeerHealthCheck, PeerIdentity, PeerModel, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainName, plainNameTakes } from '../pre-shared-key.ts';

const fortiGate: Platform = new Platform('Fortinet FortiGate');

/** FortiOS 7.4 CLI Reference: vpn ipsec, system interface, router static, system link-monitor. */
export const fortinetFortiGate: Dialect = {
  vendorName: 'fortinet',
  platform: 'fortios',
  softwareVersion: 'V7.4',
  title: fortiGate.title,
  proof: 'grammar',
  comment: '#',
  write: (model) => ({
    files: [{ name: 'cloud.conf', text: text(model), secret: holdsKey(model) }],
    notes: [
      'A tunnel comes up only when a firewall policy names its interface: allow both directions between it and the local network, without NAT.',
      filterNote,
      ...keyNote(model),
    ],
  }),
};

const ciphers = { des: 'des', '3des': '3des', aes128: 'aes128', aes192: 'aes192', aes256: 'aes256' } as const;
const ciphersWithPrf = { aes128gcm16: 'aes128gcm', aes256gcm16: 'aes256gcm' } as const;
const espCiphers = { ...ciphers, null: 'null' } as const;
const hashes = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
const prfs = { sha1: 'prfsha1', sha256: 'prfsha256', sha384: 'prfsha384', sha512: 'prfsha512' } as const;
const groups = { 1: '1', 2: '2', 5: '5', 14: '14', 15: '15', 16: '16', 19: '19', 20: '20', 21: '21' } as const;

const longestName = 15;

function text(model: PeerModel): string {
  return [
    ...heading('#', model, 'FortiOS CLI'),
    ...table(
      'vpn ipsec phase1-interface',
      model.tunnels.map((tunnel) => phase1(model, tunnel)),
    ),
    ...table('vpn ipsec phase2-interface', model.tunnels.flatMap(phase2)),
    ...table('system interface', model.tunnels.map(tunnelInterface)),
    ...table('router static', model.tunnels.flatMap(routes)),
    ...table('system link-monitor', model.tunnels.flatMap(linkMonitor)),
    '',
  ].join('\n');
}

interface Entry {
  /** `0` takes the next free number. */
  readonly key: string;
  readonly settings: readonly string[];
}

function table(path: string, entries: readonly Entry[]): string[] {
  if (entries.length === 0) return [];
  const lines = entries.flatMap(({ key, settings }) => [
    `    edit ${key}`,
    ...settings.map((setting) => `        set ${setting}`),
    '    next',
  ]);
  return [`config ${path}`, ...lines, 'end'];
}

function phase1({ device }: PeerModel, tunnel: PeerTunnel): Entry {
  const { id, ike, dpd } = tunnel;
  if (id.length > longestName) fortiGate.refuse('id', id, `an interface has at most ${longestName} characters`);
  const { delaySeconds, tries } = dpdSchedule(dpd);
  return {
    key: `"${id}"`,
    settings: [
      `interface "${device.interfaceName}"`,
      `ike-version ${ike.version}`,
      ...(ike.version === 1 ? [`mode ${ike.aggressive ? 'aggressive' : 'main'}`] : []),
      `local-gw ${device.address}`,
      `keylife ${fortiGate.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 120, 172_800)}`,
      ...peerId(tunnel.remoteIdentity),
      'net-device disable',
      `passive-mode ${tunnel.initiates ? 'disable' : 'enable'}`,
      `proposal ${ikeProposal(tunnel)}`,
      ...localId(tunnel.localIdentity),
      `dpd ${dpd.enabled ? 'on-idle' : 'disable'}`,
      ...(dpd.enabled ? [`dpd-retrycount ${tries}`, `dpd-retryinterval ${delaySeconds}`] : []),
      `dhgrp ${fortiGate.word('ike.dhGroup', groups, ike.dhGroup)}`,
      `nattraversal ${tunnel.natTraversal ? 'enable' : 'disable'}`,
      `remote-gw ${tunnel.gatewayAddress}`,
      `psksecret ${key(tunnel)}`,
    ],
  };
}

function ikeProposal({ ike }: PeerTunnel): string {
  const words = { ...ciphers, ...ciphersWithPrf };
  const cipher = fortiGate.word('ike.encryption', words, ike.encryption as keyof typeof words);
  const isAead = ike.encryption.includes('gcm');
  const hash = isAead
    ? fortiGate.word('ike.integrity', prfs, ike.integrity as keyof typeof prfs)
    : fortiGate.word('ike.integrity', hashes, ike.integrity);
  return `${cipher}-${hash}`;
}

function espProposal({ esp }: PeerTunnel): string {
  const words = { ...espCiphers, ...ciphersWithPrf };
  const cipher = fortiGate.word('esp.encryption', words, esp.encryption as keyof typeof words);
  return esp.encryption.includes('gcm')
    ? cipher
    : `${cipher}-${fortiGate.word('esp.integrity', hashes, esp.integrity)}`;
}

function peerId({ kind, value }: PeerIdentity): string[] {
  return kind === 'address' ? ['peertype any'] : ['peertype one', `peerid "${name('remoteIdentity', value)}"`];
}

function localId({ kind, value }: PeerIdentity): string[] {
  return kind === 'address'
    ? ['localid-type address', `localid "${value}"`]
    : ['localid-type fqdn', `localid "${name('localIdentity', value)}"`];
}

function phase2(tunnel: PeerTunnel): Entry[] {
  const { id, esp, traffic, initiates } = tunnel;
  const shared = [
    `phase1name "${id}"`,
    `proposal ${espProposal(tunnel)}`,
    ...(esp.pfsGroup === null
      ? ['pfs disable']
      : ['pfs enable', `dhgrp ${fortiGate.word('esp.pfsGroup', groups, esp.pfsGroup)}`]),
    `auto-negotiate ${initiates ? 'enable' : 'disable'}`,
    'keylife-type both',
    `keylifeseconds ${fortiGate.number('esp.lifetimeSeconds', esp.lifetimeSeconds, 120, 172_800)}`,
    `keylifekbs ${fortiGate.number('esp.lifetimeKilobytes', esp.lifetimeKilobytes, 5120, 4_294_967_295)}`,
  ];
  const entry = (name: string, local: string, remote: string): Entry => ({
    key: `"${name}"`,
    settings: [...shared, `src-subnet ${local}`, `dst-subnet ${remote}`],
  });
  if (traffic.mode === 'route') return [entry(id, '0.0.0.0 0.0.0.0', '0.0.0.0 0.0.0.0')];
  return traffic.pairs.map(({ local, remote }, index) =>
    entry(`${id}-${index + 1}`, networkAndMask(local), networkAndMask(remote)),
  );
}

function tunnelInterface({ id, healthCheck, mtu, mss }: PeerTunnel): Entry {
  return {
    key: `"${id}"`,
    settings: [
      'vdom "root"',
      'type tunnel',
      ...(healthCheck === null
        ? []
        : [
            `ip ${healthCheck.localAddress} 255.255.255.255`,
            `remote-ip ${healthCheck.remoteAddress} 255.255.255.255`,
            'allowaccess ping',
          ]),
      'mtu-override enable',
      `mtu ${mtu}`,
      `tcp-mss ${fortiGate.number('mss', mss, 48, 65_535)}`,
    ],
  };
}

function routes({ id, traffic, priority }: PeerTunnel): Entry[] {
  const remotes: readonly Cidr[] =
    traffic.mode === 'route' ? traffic.remotes : [...new Set(traffic.pairs.map(({ remote }) => remote))];
  return remotes
    .toSorted((a, b) => cidrPrefixLength(b) - cidrPrefixLength(a))
    .map((remote) => ({
      key: '0',
      settings: [`dst ${networkAndMask(remote)}`, `device "${id}"`, `distance ${10 + priority}`],
    }));
}

function linkMonitor({ id, healthCheck }: PeerTunnel): Entry[] {
  return healthCheck === null ? [] : [monitorEntry(id, healthCheck)];
}

function monitorEntry(id: string, check: PeerHealthCheck): Entry {
  return {
    key: `"${id}"`,
    settings: [
      `srcintf "${id}"`,
      `server "${check.remoteAddress}"`,
      `source-ip ${check.localAddress}`,
      'protocol ping',
      `interval ${fortiGate.number('healthCheck.intervalMs', check.intervalMs, 20, 3_600_000)}`,
      `probe-timeout ${fortiGate.number('healthCheck.timeoutMs', check.timeoutMs, 20, 5000)}`,
      `failtime ${fortiGate.number('healthCheck.threshold', check.threshold, 1, 3600)}`,
      'update-static-route enable',
    ],
  };
}

function name(field: string, value: string): string {
  return fortiGate.text(field, value, plainName, plainNameTakes);
}

/** In double quotes, with a backslash before quotes and backslashes; `?` would ask for help. */
function key(tunnel: PeerTunnel): string {
  const value = fortiGate.text('preSharedKey', keyOf(tunnel), /^[ ->@-~]+$/, 'printable ASCII without ?');
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
