import { charonEsp, charonIdentity, charonIke, charonKey } from '../charon-words.ts';
import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { keyNote } from '../notes.ts';
import type { PeerModel, PeerTunnel } from '../peer-model.ts';
import { holdsKey, keyOf } from '../pre-shared-key.ts';
import { vtiInterfaces } from '../vti-interface.ts';

/** ipsec.conf(5) and ipsec.secrets(5) of strongSwan; by route with marks, since this file knows no interface. */
export const strongswanIpsecConf: Dialect = {
  vendorName: 'strongswan',
  platform: 'ipsec.conf',
  softwareVersion: 'V5.9',
  title: 'strongSwan (ipsec.conf)',
  proof: 'tunnel',
  comment: '#',
  write: (model) => ({
    files: [
      { name: 'ipsec.conf', text: connections(model), secret: false },
      { name: 'ipsec.secrets', text: secrets(model), secret: holdsKey(model) },
      ...vtiInterfaces(model).files,
    ],
    notes: [
      'Put ipsec.conf and ipsec.secrets into /etc, the second readable by root alone, then run ipsec restart.',
      ...vtiInterfaces(model).notes,
      ...keyNote(model),
    ],
  }),
};

function connections(model: PeerModel): string {
  return [
    ...heading('#', model, '/etc/ipsec.conf'),
    ...model.tunnels.flatMap((tunnel, index) => [...shared(model, tunnel), ...children(tunnel, index + 1)]),
    '',
  ].join('\n');
}

function shared({ device }: PeerModel, tunnel: PeerTunnel): string[] {
  const { id, ike, esp, dpd, initiates } = tunnel;
  return section(`${id}-all`, [
    `keyexchange=ikev${ike.version}`,
    ...(ike.version === 1 ? [`aggressive=${ike.aggressive ? 'yes' : 'no'}`] : []),
    `left=${device.address}`,
    `leftid="${charonIdentity(tunnel.localIdentity)}"`,
    `right=${tunnel.gatewayAddress}`,
    `rightid="${charonIdentity(tunnel.remoteIdentity)}"`,
    'authby=secret',
    'mobike=no',
    `ike=${charonIke(ike)}!`,
    `esp=${charonEsp(esp)}!`,
    `ikelifetime=${ike.lifetimeSeconds}s`,
    `lifetime=${esp.lifetimeSeconds}s`,
    `margintime=${Math.floor(Math.min(esp.lifetimeSeconds, ike.lifetimeSeconds) / 10)}s`,
    'rekeyfuzz=0%',
    `lifebytes=${esp.lifetimeKilobytes * bytesPerKilobyte}`,
    `marginbytes=${Math.floor((esp.lifetimeKilobytes * bytesPerKilobyte) / 10)}`,
    'replay_window=2048',
    ...(dpd.enabled
      ? [`dpdaction=${dpd.action}`, `dpddelay=${dpdSchedule(dpd).delaySeconds}s`, `dpdtimeout=${dpd.timeoutSeconds}s`]
      : ['dpdaction=none']),
    ...(initiates ? ['closeaction=restart', 'keyingtries=%forever'] : []),
  ]);
}

const bytesPerKilobyte = 1024;

function children(tunnel: PeerTunnel, mark: number): string[] {
  const { id, traffic, initiates } = tunnel;
  const begin = `auto=${initiates ? 'start' : 'add'}`;
  if (traffic.mode === 'route') {
    return section(id, [`also=${id}-all`, 'leftsubnet=0.0.0.0/0', 'rightsubnet=0.0.0.0/0', `mark=${mark}`, begin]);
  }
  return traffic.pairs.flatMap(({ local, remote }, index) =>
    section(`${id}-${index + 1}`, [`also=${id}-all`, `leftsubnet=${local}`, `rightsubnet=${remote}`, begin]),
  );
}

function secrets(model: PeerModel): string {
  const lines = model.tunnels.map(
    (tunnel) => `${charonIdentity(tunnel.remoteIdentity)} : PSK ${charonKey(keyOf(tunnel))}`,
  );
  return [...heading('#', model, '/etc/ipsec.secrets, readable by root alone'), ...lines, ''].join('\n');
}

function section(name: string, lines: readonly string[]): string[] {
  return [`conn ${name}`, ...lines.map((line) => `\t${line}`)];
}
