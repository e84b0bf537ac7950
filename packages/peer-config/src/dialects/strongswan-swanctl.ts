import { charonEsp, charonIdentity, charonIke, charonKey } from '../charon-words.ts';
import { heading } from '../comment.ts';
import { dpdSchedule } from '../dead-peer-detection.ts';
import type { Dialect } from '../dialect.ts';
import { keyNote } from '../notes.ts';
import type { PeerModel, PeerTunnel } from '../peer-model.ts';
import { holdsKey, keyOf } from '../pre-shared-key.ts';
import { routeInterfaces, tunnelScript, type RouteInterface } from '../route-interface.ts';

/** swanctl.conf(5). */
export const strongswanSwanctl: Dialect = {
  vendorName: 'strongswan',
  platform: 'swanctl',
  softwareVersion: 'V5.9',
  title: 'strongSwan (swanctl.conf)',
  proof: 'tunnel',
  comment: '#',
  write: (model) => ({
    files: [{ name: 'cloud.conf', text: swanctlText(model), secret: holdsKey(model) }, ...tunnelScript(model).files],
    notes: [
      'Put cloud.conf into /etc/swanctl/conf.d, readable by root alone, then run swanctl --load-all.',
      ...tunnelScript(model).notes,
      ...keyNote(model),
    ],
  }),
};

export function swanctlText(model: PeerModel): string {
  const interfaces = routeInterfaces(model);
  return [
    ...heading('#', model, '/etc/swanctl/conf.d/cloud.conf'),
    'connections {',
    ...model.tunnels.flatMap((tunnel, index) => indented(connection(model, tunnel, interfaces[index]))),
    '}',
    'secrets {',
    ...model.tunnels.flatMap((tunnel) => indented(secret(tunnel))),
    '}',
    '',
  ].join('\n');
}

function connection({ device }: PeerModel, tunnel: PeerTunnel, through: RouteInterface | undefined): string[] {
  const { ike, dpd } = tunnel;
  return block(tunnel.id, [
    `version = ${ike.version}`,
    `local_addrs = ${device.address}`,
    `remote_addrs = ${tunnel.gatewayAddress}`,
    `proposals = ${charonIke(ike)}`,
    ...(ike.version === 1 ? [`aggressive = ${ike.aggressive ? 'yes' : 'no'}`] : []),
    'mobike = no',
    ...(dpd.enabled ? [`dpd_delay = ${dpdSchedule(dpd).delaySeconds}s`] : []),
    ...(dpd.enabled && ike.version === 1 ? [`dpd_timeout = ${dpd.timeoutSeconds}s`] : []),
    ...lifetime(ike.lifetimeSeconds, 'over_time'),
    ...(tunnel.initiates ? ['keyingtries = 0'] : []),
    ...block('local', ['auth = psk', `id = "${charonIdentity(tunnel.localIdentity)}"`]),
    ...block('remote', ['auth = psk', `id = "${charonIdentity(tunnel.remoteIdentity)}"`]),
    ...block('children', children(tunnel, through)),
  ]);
}

function children(tunnel: PeerTunnel, through: RouteInterface | undefined): string[] {
  const { traffic, id } = tunnel;
  if (traffic.mode === 'route') {
    const bound = through === undefined ? [] : [`if_id_in = ${through.ifId}`, `if_id_out = ${through.ifId}`];
    return child(id, tunnel, ['local_ts = 0.0.0.0/0', 'remote_ts = 0.0.0.0/0', ...bound]);
  }
  return traffic.pairs.flatMap(({ local, remote }, index) =>
    child(`${id}-${index + 1}`, tunnel, [`local_ts = ${local}`, `remote_ts = ${remote}`]),
  );
}

const bytesPerKilobyte = 1024;

function child(name: string, { esp, dpd, initiates }: PeerTunnel, selectors: readonly string[]): string[] {
  const lifeBytes = esp.lifetimeKilobytes * bytesPerKilobyte;
  return block(name, [
    ...selectors,
    `esp_proposals = ${charonEsp(esp)}`,
    ...lifetime(esp.lifetimeSeconds, 'life_time'),
    `rekey_bytes = ${Math.floor(lifeBytes * begunAt)}`,
    `life_bytes = ${lifeBytes}`,
    'replay_window = 2048',
    ...(dpd.enabled ? [`dpd_action = ${dpd.action === 'restart' ? 'start' : 'clear'}`] : []),
    ...(initiates ? ['close_action = start', 'start_action = start'] : []),
  ]);
}

/** New keys are begun at this part of a lifetime. */
const begunAt = 0.9;

/** `over_time` counts from `rekey_time` on, `life_time` from the beginning. */
function lifetime(seconds: number, end: 'over_time' | 'life_time'): string[] {
  const rekey = Math.floor(seconds * begunAt);
  return [`rekey_time = ${rekey}s`, `${end} = ${end === 'life_time' ? seconds : seconds - rekey}s`];
}

function secret(tunnel: PeerTunnel): string[] {
  // In quotes: a bare `#` begins a comment, and an identity may have one.
  const identity = charonIdentity(tunnel.remoteIdentity);
  return block(`ike-${tunnel.id}`, [`id = "${identity}"`, `secret = ${charonKey(keyOf(tunnel))}`]);
}

function block(name: string, lines: readonly string[]): string[] {
  return [`${name} {`, ...indented(lines), '}'];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}
