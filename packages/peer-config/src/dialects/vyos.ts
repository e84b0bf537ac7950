import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { filterNote, keyNote, lifeBytesNote } from '../notes.ts';
import type { PeerHealthCheck, PeerIdentity, PeerModel, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainName, plainNameTakes } from '../pre-shared-key.ts';

const vyosRouter: Platform = new Platform('VyOS');

/** The set commands of VyOS 1.4 ("Site-to-Site VPN", "VTI"; interface-definitions of vyos-1x). */
export const vyos: Dialect = {
  vendorName: 'vyos',
  platform: 'vyos',
  softwareVersion: 'V1.4',
  title: vyosRouter.title,
  proof: 'grammar',
  comment: '#',
  write: (model) => ({
    files: [{ name: 'cloud.vyos', text: text(model), secret: holdsKey(model) }],
    notes: [
      'Enter the lines in configuration mode, then commit and save.',
      ...(model.tunnels[0].traffic.mode === 'route' ? [lifeBytesNote()] : [lifeBytesNote(), segmentNote(model)]),
      ...(model.tunnels.length > 1 ? [switching] : []),
      filterNote,
      ...keyNote(model),
    ],
  }),
};

const switching =
  'A static route of VyOS leaves the table when its interface is down, which a dead tunnel makes it be; a health check on the ' +
  'device itself is configured under "high-availability" or by a task of yours.';

function segmentNote({ tunnels: [{ mss }] }: PeerModel): string {
  return `Set "ip adjust-mss ${mss}" on the interface of the local network.`;
}

const ciphers = {
  des: 'des',
  '3des': '3des',
  aes128: 'aes128',
  aes192: 'aes192',
  aes256: 'aes256',
  aes128gcm16: 'aes128gcm128',
  aes192gcm16: 'aes192gcm128',
  aes256gcm16: 'aes256gcm128',
} as const;
const espCiphers = { ...ciphers, null: 'null' } as const;
const hashes = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
const groups = {
  1: '1',
  2: '2',
  5: '5',
  14: '14',
  15: '15',
  16: '16',
  19: '19',
  20: '20',
  21: '21',
  24: '24',
} as const;
const prfs = { md5: 'prfmd5', sha1: 'prfsha1', sha256: 'prfsha256', sha384: 'prfsha384', sha512: 'prfsha512' } as const;

const longestLife = 86_400;

function text(model: PeerModel): string {
  return [
    ...heading('#', model, 'VyOS, configuration mode'),
    `set vpn ipsec interface '${model.device.interfaceName}'`,
    ...model.tunnels.flatMap((tunnel, index) => [
      ...espGroup(tunnel),
      ...ikeGroup(tunnel),
      ...peer(model, tunnel, `vti${index + 1}`),
      ...routes(tunnel, `vti${index + 1}`),
    ]),
    '',
  ].join('\n');
}

function espGroup({ id, esp }: PeerTunnel): string[] {
  const group = `set vpn ipsec esp-group ${id}`;
  const pfs = esp.pfsGroup === null ? 'disable' : `dh-group${vyosRouter.word('esp.pfsGroup', groups, esp.pfsGroup)}`;
  return [
    `${group} lifetime '${vyosRouter.number('esp.lifetimeSeconds', esp.lifetimeSeconds, 30, longestLife)}'`,
    `${group} mode 'tunnel'`,
    `${group} pfs '${pfs}'`,
    `${group} proposal 1 encryption '${vyosRouter.word('esp.encryption', espCiphers, esp.encryption)}'`,
    `${group} proposal 1 hash '${vyosRouter.word('esp.integrity', hashes, esp.integrity)}'`,
  ];
}

function ikeGroup({ id, ike, dpd, initiates }: PeerTunnel): string[] {
  const group = `set vpn ipsec ike-group ${id}`;
  const hash = vyosRouter.word('ike.integrity', hashes, ike.integrity);
  return [
    `${group} key-exchange 'ikev${ike.version}'`,
    ...(ike.version === 1
      ? [`${group} mode '${ike.aggressive ? 'aggressive' : 'main'}'`]
      : [`${group} disable-mobike`]),
    `${group} lifetime '${vyosRouter.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 30, longestLife)}'`,
    `${group} proposal 1 encryption '${vyosRouter.word('ike.encryption', ciphers, ike.encryption)}'`,
    `${group} proposal 1 hash '${hash}'`,
    `${group} proposal 1 dh-group '${vyosRouter.word('ike.dhGroup', groups, ike.dhGroup)}'`,
    ...(ike.encryption.includes('gcm') ? [`${group} proposal 1 prf '${prfs[ike.integrity]}'`] : []),
    ...(initiates ? [`${group} close-action 'start'`] : []),
    ...(dpd.enabled
      ? [
          `${group} dead-peer-detection action '${dpd.action}'`,
          `${group} dead-peer-detection interval '${Math.max(2, dpdSchedule(dpd).delaySeconds)}'`,
          `${group} dead-peer-detection timeout '${dpd.timeoutSeconds}'`,
        ]
      : []),
  ];
}

function peer({ device }: PeerModel, tunnel: PeerTunnel, vti: string): string[] {
  const { id, gatewayAddress, initiates, traffic } = tunnel;
  const site = `set vpn ipsec site-to-site peer ${id}`;
  const psk = `set vpn ipsec authentication psk ${id}`;
  const [localId, remoteId] = [
    identity('localIdentity', tunnel.localIdentity),
    identity('remoteIdentity', tunnel.remoteIdentity),
  ];
  return [
    `${psk} id '${localId}'`,
    `${psk} id '${remoteId}'`,
    `${psk} secret '${secret(tunnel)}'`,
    `${site} authentication mode 'pre-shared-secret'`,
    `${site} authentication local-id '${localId}'`,
    `${site} authentication remote-id '${remoteId}'`,
    `${site} connection-type '${initiates ? 'initiate' : 'respond'}'`,
    `${site} ike-group '${id}'`,
    `${site} local-address '${device.address}'`,
    `${site} remote-address '${gatewayAddress}'`,
    ...(traffic.mode === 'route'
      ? [`${site} vti bind '${vti}'`, `${site} vti esp-group '${id}'`]
      : [
          `${site} default-esp-group '${id}'`,
          ...traffic.pairs.flatMap(({ local, remote }, index) => [
            `${site} tunnel ${index + 1} local prefix '${local}'`,
            `${site} tunnel ${index + 1} remote prefix '${remote}'`,
          ]),
        ]),
  ];
}

function routes({ id, traffic, healthCheck, mtu, mss, priority }: PeerTunnel, vti: string): string[] {
  if (traffic.mode === 'policy') return [];
  return [
    `set interfaces vti ${vti} description '${id}'`,
    `set interfaces vti ${vti} mtu '${mtu}'`,
    `set interfaces vti ${vti} ip adjust-mss '${vyosRouter.number('mss', mss, 536, 65_535)}'`,
    ...(healthCheck === null ? [] : probeAddresses(healthCheck, vti)),
    ...traffic.remotes.map(
      (remote) => `set protocols static route ${remote} interface ${vti} distance '${1 + priority}'`,
    ),
  ];
}

function probeAddresses({ localAddress, remoteAddress }: PeerHealthCheck, vti: string): string[] {
  return [
    `set interfaces vti ${vti} address '${localAddress}/32'`,
    `set protocols static route ${remoteAddress}/32 interface ${vti}`,
  ];
}

function identity(field: string, { kind, value }: PeerIdentity): string {
  return kind === 'address' ? value : `@${vyosRouter.text(field, value, plainName, plainNameTakes)}`;
}

/** In single quotes the shell takes all but a quote as it is; VyOS itself has trouble with double quotes and backslashes. */
function secret(tunnel: PeerTunnel): string {
  const takes = 'printable ASCII without quotes and backslashes';
  return vyosRouter.text('preSharedKey', keyOf(tunnel), /^[ !#-&(-[\]-~]+$/, takes);
}
