/** One IKE connection of an IDC device, in strongSwan's terms (swanctl.conf(5)). */
export interface PeerConnection {
  readonly name: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly preSharedKey: string;
  readonly version: 1 | 2;
  readonly aggressive?: boolean;
  /** The addresses unless given; `fqdn:name` for names. */
  readonly localId?: string;
  readonly remoteId?: string;
  readonly ikeProposals: string;
  readonly espProposals: string;
  readonly children: readonly PeerChild[];
  /** Initiate as soon as it is loaded, instead of waiting for the cloud. */
  readonly initiates?: boolean;
  /** Seconds between liveness checks; none unless given. */
  readonly dpdDelaySeconds?: number;
  /** Binds the SAs to the device's xfrm interface, for one whose ESP is not libipsec's. */
  readonly ifId?: number;
  /** Protocol 50 instead of ESP in UDP, where no NAT is in the way. */
  readonly plainEsp?: boolean;
  /** Life of a CHILD_SA's keys; charon's own default unless given. */
  readonly rekeySeconds?: number;
  /** Life of an IKE_SA's keys; charon's own default unless given. */
  readonly ikeRekeySeconds?: number;
  /** Life of an IKE_SA, which is then closed and made anew with all its CHILD_SAs, in this order; for ever unless given. */
  readonly reauthSeconds?: number;
  /** Opens again what the cloud closes. */
  readonly reopens?: boolean;
}

/** Traffic selectors as swanctl.conf(5) writes them: `10.0.1.0/24`, `10.0.1.0/24[tcp]`, or several with commas. */
export interface PeerChild {
  readonly name: string;
  readonly localTs: string;
  readonly remoteTs: string;
}

/** Renders a swanctl.conf. Pure. */
export function swanctlConfiguration(connections: readonly PeerConnection[]): string {
  return (
    section('connections', connections.map(connectionSection)) + section('secrets', connections.map(secretSection))
  );
}

function connectionSection(connection: PeerConnection): string {
  return section(connection.name, [
    `version = ${connection.version}`,
    `aggressive = ${connection.aggressive === true ? 'yes' : 'no'}`,
    `local_addrs = ${connection.localAddress}`,
    `remote_addrs = ${connection.remoteAddress}`,
    `proposals = ${connection.ikeProposals}`,
    `encap = ${connection.plainEsp === true ? 'no' : 'yes'}`,
    'mobike = no',
    `dpd_delay = ${connection.dpdDelaySeconds ?? 0}s`,
    ...(connection.ikeRekeySeconds === undefined ? [] : ikeTimes(connection.ikeRekeySeconds)),
    ...(connection.reauthSeconds === undefined ? [] : reauthTimes(connection.reauthSeconds)),
    section('local', ['auth = psk', `id = ${connection.localId ?? connection.localAddress}`]),
    section('remote', ['auth = psk', `id = ${connection.remoteId ?? connection.remoteAddress}`]),
    section(
      'children',
      connection.children.map((child) => childSection(child, connection)),
    ),
  ]);
}

function childSection(child: PeerChild, connection: PeerConnection): string {
  return section(child.name, [
    `local_ts = ${child.localTs}`,
    `remote_ts = ${child.remoteTs}`,
    `esp_proposals = ${connection.espProposals}`,
    `start_action = ${connection.initiates === true ? 'start' : 'none'}`,
    ...(connection.reopens === true ? ['close_action = start'] : []),
    'mode = tunnel',
    'replay_window = 2048',
    ...(connection.ifId === undefined ? [] : [`if_id_in = ${connection.ifId}`, `if_id_out = ${connection.ifId}`]),
    ...(connection.rekeySeconds === undefined ? [] : childTimes(connection.rekeySeconds)),
  ]);
}

// Charon counts whole seconds and adds a tenth until the end: with a few seconds, rekeying would begin when it is too late.
const ikeTimes = (seconds: number): string[] => [
  `rekey_time = ${seconds}s`,
  `over_time = ${seconds}s`,
  'rand_time = 1s',
];
const reauthTimes = (seconds: number): string[] => [
  `reauth_time = ${seconds}s`,
  `over_time = ${seconds}s`,
  'rand_time = 1s',
];
const childTimes = (seconds: number): string[] => [
  ...[`rekey_time = ${seconds}s`, `life_time = ${2 * seconds}s`, 'rand_time = 1s'],
];

function secretSection(connection: PeerConnection): string {
  return section(`ike-${connection.name}`, [
    `id-1 = ${connection.localId ?? connection.localAddress}`,
    `id-2 = ${connection.remoteId ?? connection.remoteAddress}`,
    `secret = "${connection.preSharedKey}"`,
  ]);
}

/** Sections and settings as swanctl.conf wants them: one setting a line. */
function section(name: string, lines: readonly string[]): string {
  return `${name} {\n${lines.map((line) => (line.endsWith('\n') ? line : line + '\n')).join('')}}\n`;
}
