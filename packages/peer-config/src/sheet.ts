import { heading } from './comment.ts';
import { dpdSchedule } from './dead-peer-detection.ts';
import type { Dialect } from './dialect.ts';
import { filterNote, keyNote } from './notes.ts';
import type {
  PeerDhGroup,
  PeerEncryption,
  PeerIdentity,
  PeerIntegrity,
  PeerModel,
  PeerTraffic,
  PeerTunnel,
} from './peer-model.ts';
import { Platform } from './platform.ts';
import { holdsKey, keyOf } from './pre-shared-key.ts';

/** A platform that is configured by menus: what its fields are called and which values they offer. */
export interface SheetWords {
  readonly vendorName: string;
  readonly platform: string;
  readonly softwareVersion: string;
  readonly title: string;
  /** Where its menus have them. */
  readonly places: { readonly ike: string; readonly esp: string; readonly routes: string };
  readonly modes: readonly PeerTraffic['mode'][];
  readonly versions: Readonly<Partial<Record<1 | 2, string>>>;
  readonly ikeCiphers: Readonly<Partial<Record<PeerEncryption, string>>>;
  readonly espCiphers: Readonly<Partial<Record<PeerEncryption, string>>>;
  readonly hashes: Readonly<Partial<Record<PeerIntegrity, string>>>;
  readonly groups: Readonly<Partial<Record<PeerDhGroup, string>>>;
  readonly ikeLife: readonly [number, number];
  readonly espLife: readonly [number, number];
  /** What a key may be made of. */
  readonly key: { readonly form: RegExp; readonly takes: string };
  readonly identities: readonly PeerIdentity['kind'][];
  readonly notes: readonly string[];
}

type Field = readonly [name: string, value: string];

/** A sheet of fields and values, by the menus' places. */
export function sheet(words: SheetWords): Dialect {
  const { vendorName, platform, softwareVersion, title, notes } = words;
  return {
    ...{ vendorName, platform, softwareVersion, title },
    proof: 'sheet',
    comment: '#',
    write: (model) => ({
      files: [{ name: 'sheet.txt', text: sheetText(words, model), secret: holdsKey(model) }],
      notes: [...notes, filterNote, ...keyNote(model)],
    }),
  };
}

function sheetText(words: SheetWords, model: PeerModel): string {
  const lines = model.tunnels.flatMap((tunnel) => {
    const { places } = words;
    return [
      ...section(`${tunnel.id}: ${places.ike}`, ikeFields(words, model, tunnel)),
      ...section(`${tunnel.id}: ${places.esp}`, espFields(words, tunnel)),
      ...section(`${tunnel.id}: ${places.routes}`, routeFields(tunnel)),
    ];
  });
  return [...heading('#', model, words.title), ...lines, ''].join('\n');
}

function section(title: string, fields: readonly Field[]): string[] {
  return ['', `[${title}]`, ...fields.map(([name, value]) => `${name}: ${shown(value)}`)];
}

function ikeFields(words: SheetWords, { device }: PeerModel, tunnel: PeerTunnel): Field[] {
  const menus: Platform = new Platform(words.title);
  const { ike, dpd, traffic } = tunnel;
  if (!words.modes.includes(traffic.mode))
    menus.refuse('traffic.mode', traffic.mode, `it has ${words.modes.join(', ')}`);
  const isAead = ike.encryption.includes('gcm');
  const { delaySeconds, tries } = dpdSchedule(dpd);
  return [
    ['IKE version', menus.word('ike.version', words.versions, ike.version)],
    ...(ike.version === 1 ? [['Exchange mode', ike.aggressive ? 'aggressive' : 'main'] as const] : []),
    ['Local address', device.address],
    ['Remote gateway', tunnel.gatewayAddress],
    ['Local identifier', identity(menus, words, 'localIdentity', tunnel.localIdentity)],
    ['Remote identifier', identity(menus, words, 'remoteIdentity', tunnel.remoteIdentity)],
    ['Pre-shared key', menus.text('preSharedKey', keyOf(tunnel), words.key.form, words.key.takes)],
    ['Encryption', menus.word('ike.encryption', words.ikeCiphers, ike.encryption)],
    [isAead ? 'PRF' : 'Integrity', menus.word('ike.integrity', words.hashes, ike.integrity)],
    ['DH group', menus.word('ike.dhGroup', words.groups, ike.dhGroup)],
    ['Lifetime, s', menus.number('ike.lifetimeSeconds', ike.lifetimeSeconds, ...words.ikeLife)],
    ['NAT traversal', tunnel.natTraversal ? 'on' : 'off'],
    ['Dead peer detection', dpd.enabled ? `every ${delaySeconds} s, ${tries} tries, then ${dpd.action}` : 'off'],
    ['Begins', tunnel.initiates ? 'this side' : 'the other side'],
  ];
}

function identity(menus: Platform, words: SheetWords, field: string, { kind, value }: PeerIdentity): string {
  if (!words.identities.includes(kind)) menus.refuse(field, value, `it has ${words.identities.join(', ')}`);
  return `${value} (${kind === 'address' ? 'IP address' : 'FQDN'})`;
}

function espFields(words: SheetWords, { esp, traffic }: PeerTunnel): Field[] {
  const menus: Platform = new Platform(words.title);
  const ranges: Field[] =
    traffic.mode === 'route'
      ? [['Local and remote networks', '0.0.0.0/0, 0.0.0.0/0']]
      : traffic.pairs.map(({ local, remote }) => ['Local and remote network', `${local}, ${remote}`]);
  return [
    ['Mode', traffic.mode === 'route' ? 'routed (tunnel interface)' : 'policies'],
    ...ranges,
    ['Encryption', menus.word('esp.encryption', words.espCiphers, esp.encryption)],
    ...(esp.encryption.includes('gcm')
      ? []
      : [['Integrity', menus.word('esp.integrity', words.hashes, esp.integrity)] as const]),
    ['PFS group', esp.pfsGroup === null ? 'off' : menus.word('esp.pfsGroup', words.groups, esp.pfsGroup)],
    ['Lifetime, s', menus.number('esp.lifetimeSeconds', esp.lifetimeSeconds, ...words.espLife)],
  ];
}

function routeFields({ traffic, healthCheck, mtu, mss, priority }: PeerTunnel): Field[] {
  const remotes = traffic.mode === 'route' ? traffic.remotes : [];
  return [
    ['MTU of the tunnel', String(mtu)],
    ['Largest TCP segment', String(mss)],
    ...remotes.map((remote) => [`Route, priority ${priority}`, remote] as const),
    ...(healthCheck === null
      ? []
      : ([
          ['Health check, own address', healthCheck.localAddress],
          ['Health check, to ask', healthCheck.remoteAddress],
          [
            'Health check, times',
            `every ${healthCheck.intervalMs} ms, ${healthCheck.threshold} unanswered within ${healthCheck.timeoutMs} ms`,
          ],
        ] as const)),
  ];
}

/** On one line, whatever a key is made of. */
function shown(value: string): string {
  return /^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(value) ? value : JSON.stringify(value);
}
