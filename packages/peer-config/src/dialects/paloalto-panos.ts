import { blockOfOne } from '@landbridge/net';
import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { filterNote, keyNote, lifeBytesNote } from '../notes.ts';
import type { PeerIdentity, PeerModel, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainKey, plainKeyTakes, plainName, plainNameTakes } from '../pre-shared-key.ts';
import { numbered } from '../tunnel-numbers.ts';

const panOs: Platform = new Platform('Palo Alto PAN-OS');

/** PAN-OS 11 CLI, configure mode: network ike, network tunnel ipsec, network interface tunnel, virtual-router. */
export const paloAltoPanOs: Dialect = {
  vendorName: 'paloalto',
  platform: 'panos',
  softwareVersion: 'V11.0',
  title: panOs.title,
  proof: 'grammar',
  comment: '#',
  write: (model) => ({
    files: [{ name: 'cloud.txt', text: text(model), secret: holdsKey(model) }],
    notes: [
      'Enter the lines in configure mode, then commit. The virtual router is called default here, the zone of the tunnels cloud.',
      'Write security policies between the zone cloud and the zone of the local network, and leave that traffic untranslated.',
      lifeBytesNote(),
      filterNote,
      ...keyNote(model),
    ],
  }),
};

const ciphers = {
  des: 'des',
  '3des': '3des',
  aes128: 'aes-128-cbc',
  aes192: 'aes-192-cbc',
  aes256: 'aes-256-cbc',
} as const;
const espCiphers = { ...ciphers, null: 'null', aes128gcm16: 'aes-128-gcm', aes256gcm16: 'aes-256-gcm' } as const;
const hashes = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
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
const longestLife = 65_535;

function text(model: PeerModel): string {
  return [
    ...heading('#', model, 'PAN-OS, configure mode'),
    ...numbered(model).flatMap(({ tunnel, number }) => [
      ...profiles(tunnel),
      ...gateway(model, tunnel),
      ...tunnelInterface(tunnel, `tunnel.${number}`),
      ...ipsecTunnel(tunnel, `tunnel.${number}`),
      ...routes(tunnel, `tunnel.${number}`),
    ]),
    '',
  ].join('\n');
}

function profiles({ id, ike, esp }: PeerTunnel): string[] {
  if (ike.encryption.includes('gcm'))
    panOs.refuse('ike.encryption', ike.encryption, 'it has no word for the PRF that goes with it');
  const phase1 = `set network ike crypto-profiles ike-crypto-profiles ${id}`;
  const phase2 = `set network ike crypto-profiles ipsec-crypto-profiles ${id}`;
  const hash = esp.encryption.includes('gcm') ? 'none' : panOs.word('esp.integrity', hashes, esp.integrity);
  const pfs = esp.pfsGroup === null ? 'no-pfs' : panOs.word('esp.pfsGroup', groups, esp.pfsGroup);
  return [
    `${phase1} hash ${panOs.word('ike.integrity', hashes, ike.integrity)}`,
    `${phase1} dh-group ${panOs.word('ike.dhGroup', groups, ike.dhGroup)}`,
    `${phase1} encryption ${panOs.word('ike.encryption', ciphers, ike.encryption as keyof typeof ciphers)}`,
    `${phase1} lifetime ${lifetime('ike.lifetimeSeconds', ike.lifetimeSeconds)}`,
    `${phase2} esp encryption ${panOs.word('esp.encryption', espCiphers, esp.encryption as keyof typeof espCiphers)}`,
    `${phase2} esp authentication ${hash}`,
    `${phase2} dh-group ${pfs}`,
    `${phase2} lifetime ${lifetime('esp.lifetimeSeconds', esp.lifetimeSeconds)}`,
  ];
}

/** Each unit has its own range. */
function lifetime(field: string, seconds: number): string {
  const [minute, hour] = [60, 3600];
  if (seconds <= longestLife) return `seconds ${panOs.number(field, seconds, 180, longestLife)}`;
  if (seconds % hour === 0) return `hours ${panOs.number(field, seconds / hour, 1, longestLife)}`;
  if (seconds % minute === 0) return `minutes ${panOs.number(field, seconds / minute, 3, longestLife)}`;
  return panOs.refuse(field, seconds, `above ${longestLife} s it takes whole minutes`);
}

function gateway({ device }: PeerModel, tunnel: PeerTunnel): string[] {
  const { id, ike, dpd, gatewayAddress } = tunnel;
  const statement = `set network ike gateway ${id}`;
  const version = `ikev${ike.version}`;
  const { delaySeconds, tries } = dpdSchedule(dpd);
  const detection = dpd.enabled
    ? [`dpd interval ${delaySeconds}`, ...(ike.version === 1 ? [`dpd retry ${tries}`] : [])]
    : [];
  return [
    `${statement} protocol version ${version}`,
    `${statement} protocol ${version} ike-crypto-profile ${id}`,
    ...(ike.version === 1
      ? [`${statement} protocol ikev1 exchange-mode ${ike.aggressive ? 'aggressive' : 'main'}`]
      : []),
    `${statement} protocol ${version} dpd enable ${dpd.enabled ? 'yes' : 'no'}`,
    ...detection.map((words) => `${statement} protocol ${version} ${words}`),
    `${statement} protocol-common nat-traversal enable ${tunnel.natTraversal ? 'yes' : 'no'}`,
    `${statement} protocol-common passive-mode ${tunnel.initiates ? 'no' : 'yes'}`,
    `${statement} authentication pre-shared-key key ${panOs.text('preSharedKey', keyOf(tunnel), plainKey, plainKeyTakes)}`,
    `${statement} local-address interface ${device.interfaceName}`,
    `${statement} peer-address ip ${gatewayAddress}`,
    ...identity(`${statement} local-id`, 'localIdentity', tunnel.localIdentity),
    ...identity(`${statement} peer-id`, 'remoteIdentity', tunnel.remoteIdentity),
  ];
}

function identity(statement: string, field: string, { kind, value }: PeerIdentity): string[] {
  const text = kind === 'address' ? value : panOs.text(field, value, plainName, plainNameTakes);
  return [`${statement} type ${kind === 'address' ? 'ipaddr' : 'fqdn'}`, `${statement} id ${text}`];
}

/** PAN-OS counts how much smaller than the MTU a segment is. */
function tunnelInterface({ healthCheck, mtu, mss }: PeerTunnel, through: string): string[] {
  const unit = `set network interface tunnel units ${through}`;
  return [
    `${unit} mtu ${panOs.number('mtu', mtu, 576, 9216)}`,
    `${unit} adjust-tcp-mss enable yes`,
    `${unit} adjust-tcp-mss ipv4-mss-adjustment ${panOs.number('mtu - mss', mtu - mss, 40, 300)}`,
    ...(healthCheck === null ? [] : [`${unit} ip ${blockOfOne(healthCheck.localAddress)}`]),
    `set network virtual-router default interface ${through}`,
    `set zone cloud network layer3 ${through}`,
  ];
}

function ipsecTunnel({ id, traffic }: PeerTunnel, through: string): string[] {
  const statement = `set network tunnel ipsec ${id}`;
  const proxies =
    traffic.mode === 'route'
      ? []
      : traffic.pairs.map(
          ({ local, remote }, index) =>
            `${statement} auto-key proxy-id pair-${index + 1} local ${local} remote ${remote} protocol any`,
        );
  return [
    `${statement} auto-key ike-gateway ${id}`,
    `${statement} auto-key ipsec-crypto-profile ${id}`,
    ...proxies,
    `${statement} tunnel-interface ${through}`,
  ];
}

function routes({ id, traffic, healthCheck, priority }: PeerTunnel, through: string): string[] {
  const table = 'set network virtual-router default routing-table ip static-route';
  const remotes = traffic.mode === 'route' ? traffic.remotes : [...new Set(traffic.pairs.map(({ remote }) => remote))];
  const probed =
    healthCheck === null
      ? []
      : [
          `${table} ${id}-health destination ${blockOfOne(healthCheck.remoteAddress)}`,
          `${table} ${id}-health interface ${through}`,
        ];
  return [
    ...probed,
    ...remotes.flatMap((remote, index) => {
      const route = `${table} ${id}-${index + 1}`;
      const monitor = `${route} path-monitor`;
      const destination = `${monitor} monitor-destinations health`;
      return [
        `${route} destination ${remote}`,
        `${route} interface ${through}`,
        `${route} metric ${10 + priority}`,
        ...(healthCheck === null
          ? []
          : [
              `${monitor} enable yes`,
              `${monitor} failure-condition any`,
              `${destination} enable yes`,
              `${destination} source ${blockOfOne(healthCheck.localAddress)}`,
              `${destination} destination ${healthCheck.remoteAddress}`,
              `${destination} interval ${Math.max(1, Math.ceil(healthCheck.intervalMs / 1000))}`,
              `${destination} count ${panOs.number('healthCheck.threshold', healthCheck.threshold, 3, 10)}`,
            ]),
      ];
    }),
  ];
}
