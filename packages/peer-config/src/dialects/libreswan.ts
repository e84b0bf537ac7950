import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect, PeerFile } from '../dialect.ts';
import { keyNote, lifeBytesNote } from '../notes.ts';
import type { PeerIdentity, PeerModel, PeerTunnel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey, keyOf, plainName, plainNameTakes } from '../pre-shared-key.ts';

const pluto: Platform = new Platform('Libreswan');

/** ipsec.conf(5) and ipsec.secrets(5) of Libreswan 4. */
export const libreswan: Dialect = {
  vendorName: 'libreswan',
  platform: 'libreswan',
  softwareVersion: 'V4.10',
  title: pluto.title,
  proof: 'tunnel',
  comment: '#',
  write: (model) => ({
    files: [
      { name: 'cloud.conf', text: connections(model), secret: false },
      { name: 'cloud.secrets', text: secrets(model), secret: holdsKey(model) },
      ...model.tunnels.flatMap(updown),
    ],
    notes: [
      'Put the files into /etc/ipsec.d, readable by root alone, then run systemctl restart ipsec.',
      'The gateway should wait (NegotiationType passive): when both ends begin at once, Libreswan may keep the wrong SA.',
      lifeBytesNote(),
      ...keyNote(model),
    ],
  }),
};

const ciphers = {
  '3des': '3des',
  aes128: 'aes128',
  aes192: 'aes192',
  aes256: 'aes256',
  aes128gcm16: 'aes_gcm128',
  aes192gcm16: 'aes_gcm192',
  aes256gcm16: 'aes_gcm256',
} as const;
const espCiphers = { ...ciphers, null: 'null' } as const;
const hashes = { md5: 'md5', sha1: 'sha1', sha256: 'sha2_256', sha384: 'sha2_384', sha512: 'sha2_512' } as const;
const groups = { 5: 'dh5', 14: 'dh14', 15: 'dh15', 16: 'dh16', 19: 'dh19', 20: 'dh20', 21: 'dh21' } as const;
/** What its IKEv1 can do in quick mode. */
const pfsGroupsOfIkeV1 = { 5: 'dh5', 14: 'dh14', 15: 'dh15', 16: 'dh16' } as const;

function ikeProposal({ ike }: PeerTunnel): string {
  const cipher = pluto.word('ike.encryption', ciphers, ike.encryption);
  const hash = pluto.word('ike.integrity', hashes, ike.integrity);
  return `${cipher}-${hash};${pluto.word('ike.dhGroup', groups, ike.dhGroup)}`;
}

function espProposal({ esp, ike }: PeerTunnel): string {
  const cipher = pluto.word('esp.encryption', espCiphers, esp.encryption);
  const hash = esp.encryption.includes('gcm') ? '' : `-${pluto.word('esp.integrity', hashes, esp.integrity)}`;
  if (esp.pfsGroup === null) return `${cipher}${hash}`;
  return `${cipher}${hash};${pluto.word('esp.pfsGroup', ike.version === 1 ? pfsGroupsOfIkeV1 : groups, esp.pfsGroup)}`;
}

function connections(model: PeerModel): string {
  const isIkeV1 = model.tunnels.some(({ ike }) => ike.version === 1);
  return [
    ...heading('#', model, '/etc/ipsec.d/cloud.conf'),
    'config setup',
    `\tikev1-policy=${isIkeV1 ? 'accept' : 'drop'}`,
    ...model.tunnels.flatMap((tunnel, index) => [...shared(model, tunnel), ...children(tunnel, index + 1)]),
    '',
  ].join('\n');
}

const longestLife = 86_400;

function shared({ device }: PeerModel, tunnel: PeerTunnel): string[] {
  const { id, ike, esp, dpd } = tunnel;
  const [ikeLife, life] = [
    pluto.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 60, longestLife),
    pluto.number('esp.lifetimeSeconds', esp.lifetimeSeconds, 60, longestLife),
  ];
  return section(`${id}-all`, [
    `left=${device.address}`,
    `leftid=${identity('localIdentity', tunnel.localIdentity)}`,
    `right=${tunnel.gatewayAddress}`,
    `rightid=${identity('remoteIdentity', tunnel.remoteIdentity)}`,
    'authby=secret',
    `ikev2=${ike.version === 1 ? 'never' : 'insist'}`,
    ...(ike.version === 1 ? [`aggressive=${ike.aggressive ? 'yes' : 'no'}`] : []),
    `ike=${ikeProposal(tunnel)}`,
    `phase2alg=${espProposal(tunnel)}`,
    `pfs=${esp.pfsGroup === null ? 'no' : 'yes'}`,
    `ikelifetime=${ikeLife}s`,
    `salifetime=${life}s`,
    // It should be the first to renew: it sends with new keys before the gateway, having begun, has them.
    `rekeymargin=${Math.floor(Math.min(ike.lifetimeSeconds, esp.lifetimeSeconds) / 4)}s`,
    'rekeyfuzz=0%',
    'replay-window=2048',
    `encapsulation=${tunnel.natTraversal ? 'auto' : 'no'}`,
    ...(dpd.enabled
      ? [`dpddelay=${dpdSchedule(dpd).delaySeconds}`, `dpdtimeout=${dpd.timeoutSeconds}`, `dpdaction=${dpd.action}`]
      : []),
  ]);
}

function children(tunnel: PeerTunnel, number: number): string[] {
  const { id, traffic, initiates } = tunnel;
  const begin = `auto=${initiates ? 'start' : 'add'}`;
  if (traffic.mode === 'route') {
    return section(id, [
      `also=${id}-all`,
      'leftsubnet=0.0.0.0/0',
      'rightsubnet=0.0.0.0/0',
      `ipsec-interface=${number}`,
      `leftupdown="sh ${updownPath(tunnel)}"`,
      begin,
    ]);
  }
  return traffic.pairs.flatMap(({ local, remote }, index) =>
    section(`${id}-${index + 1}`, [`also=${id}-all`, `leftsubnet=${local}`, `rightsubnet=${remote}`, begin]),
  );
}

function updownPath({ id }: PeerTunnel): string {
  return `/etc/ipsec.d/${id}-updown.sh`;
}

/** Libreswan makes the interface, and takes it and all routes into it away when it ends: the routes are added each time. */
function updown(tunnel: PeerTunnel): PeerFile[] {
  const { traffic, healthCheck, id, mtu, priority } = tunnel;
  if (traffic.mode === 'policy') return [];
  const metric = 100 + priority;
  const lines = [
    `# ${updownPath(tunnel)}: what Libreswan does itself, then what belongs to the interface.`,
    'ipsec _updown',
    'case $PLUTO_VERB in',
    '  route-client)',
    `    ip link set "$PLUTO_VIRT_INTERFACE" mtu ${mtu} up`,
    ...(healthCheck === null
      ? []
      : [
          `    ip address replace ${healthCheck.localAddress}/32 dev "$PLUTO_VIRT_INTERFACE"`,
          `    ip route replace ${healthCheck.remoteAddress}/32 dev "$PLUTO_VIRT_INTERFACE" src ${healthCheck.localAddress}`,
        ]),
    ...traffic.remotes.map((remote) => `    ip route replace ${remote} dev "$PLUTO_VIRT_INTERFACE" metric ${metric}`),
    '    ;;',
    'esac',
    '',
  ];
  return [{ name: `${id}-updown.sh`, text: lines.join('\n'), secret: false }];
}

function secrets(model: PeerModel): string {
  const lines = model.tunnels.map((tunnel) => {
    const owners = `${identity('localIdentity', tunnel.localIdentity)} ${identity('remoteIdentity', tunnel.remoteIdentity)}`;
    return `${owners} : PSK ${keyText(keyOf(tunnel))}`;
  });
  return [...heading('#', model, '/etc/ipsec.d/cloud.secrets, readable by root alone'), ...lines, ''].join('\n');
}

/** In quotes nothing but a quote ends it; what is not ASCII is given as bytes. */
function keyText(key: string): string {
  return /^[ !#-~]+$/.test(key) ? `"${key}"` : `0x${Buffer.from(key, 'utf8').toString('hex')}`;
}

function identity(field: string, { kind, value }: PeerIdentity): string {
  return kind === 'address' ? value : `@${pluto.text(field, value, plainName, plainNameTakes)}`;
}

function section(name: string, lines: readonly string[]): string[] {
  return [`conn ${name}`, ...lines.map((line) => `\t${line}`)];
}
