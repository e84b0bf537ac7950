/**
 * The connection a gateway loads into charon, in the field's terms, and its translation to vici's keys. A field left
 * out takes charon's default. Key names and value forms: strongSwan 5.9.8 src/swanctl/swanctl.opt and
 * src/libcharon/plugins/vici/vici_config.c (peer_kv, peer_li, auth_kv, child_kv, child_li).
 *
 * Values are checked where charon would not: it cuts off what does not fit its buffers, without an error.
 */
import { ViciEncodeError } from './errors.ts';
import { viciMessage } from './message.ts';
import type { ViciMessage } from './message.ts';

export interface IkeIdentity {
  readonly auth: 'psk' | 'pubkey';
  /** As charon reads it: an address, a domain name, `user@domain`, `@#hex`, `keyid:…`, `%any`. */
  readonly id?: string;
}

/** `trap` installs a policy that brings the CHILD_SA up on traffic; `start` brings it up at once. */
export type StartAction = 'none' | 'trap' | 'start' | 'trap|start';
export type UniquePolicy = 'no' | 'never' | 'keep' | 'replace';

export interface IkeConnection {
  readonly version: 1 | 2;
  readonly localAddrs: readonly string[];
  readonly remoteAddrs: readonly string[];
  readonly localPort?: number;
  readonly remotePort?: number;
  readonly local: IkeIdentity;
  readonly remote: IkeIdentity;
  /** IKE proposals, `aes128-sha256-modp2048`. */
  readonly proposals?: readonly string[];
  /** IKEv1 aggressive mode. */
  readonly aggressive?: boolean;
  /** Force UDP encapsulation. */
  readonly encap?: boolean;
  readonly mobike?: boolean;
  readonly fragmentation?: 'yes' | 'accept' | 'force' | 'no';
  /** 0 switches DPD off. */
  readonly dpdDelaySeconds?: number;
  /** IKEv1 only; IKEv2 uses its retransmissions. A change of this alone does not take effect on reload (5.9.8). */
  readonly dpdTimeoutSeconds?: number;
  /** 0 tries for ever. */
  readonly keyingTries?: number;
  readonly rekeyTimeSeconds?: number;
  readonly reauthTimeSeconds?: number;
  readonly overTimeSeconds?: number;
  readonly randTimeSeconds?: number;
  readonly unique?: UniquePolicy;
  readonly children: Readonly<Record<string, ChildConfig>>;
}

export interface ChildConfig {
  readonly mode?: 'tunnel' | 'transport' | 'beet' | 'pass' | 'drop';
  /** `10.0.0.0/24`, `0.0.0.0/0`, `10.0.0.0/24[tcp/80]`, `dynamic`. */
  readonly localTs: readonly string[];
  readonly remoteTs: readonly string[];
  /** ESP proposals, `aes128gcm16-modp2048`. */
  readonly espProposals?: readonly string[];
  readonly startAction?: StartAction;
  readonly closeAction?: StartAction;
  readonly dpdAction?: StartAction;
  readonly rekeyTimeSeconds?: number;
  readonly lifeTimeSeconds?: number;
  readonly randTimeSeconds?: number;
  readonly rekeyBytes?: number;
  readonly lifeBytes?: number;
  readonly rekeyPackets?: number;
  readonly lifePackets?: number;
  readonly ifIdIn?: number;
  readonly ifIdOut?: number;
  /** Packets; 0 switches replay protection off. */
  readonly replayWindow?: number;
  /** A command charon runs on each change of the CHILD_SA; through a shell, so never from foreign input. */
  readonly updown?: string;
  /** False: charon installs no policies in the kernel. */
  readonly policies?: boolean;
  readonly copyDf?: boolean;
  readonly hwOffload?: 'yes' | 'no' | 'auto';
}

/** charon copies most values into char[512] (BUF_LEN) and drops the rest. */
const LONGEST_TEXT = 511;
const MAX_UINT32 = 0xffff_ffff;
/** charon reads 64-bit numbers from char[16], so from at most 15 digits (parse_bytes, parse_uint64). */
const MAX_COUNT = 999_999_999_999_999;
/** Keys that charon's events put beside the section named like the connection (vici_query.c). */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['up', 'local-host', 'local-port', 'remote-host', 'remote-port']);

/** The argument of load-conn; throws ViciEncodeError for values that charon would refuse or cut. */
export function encodeIkeConnection(name: string, connection: IkeConnection): ViciMessage {
  if (RESERVED_NAMES.has(name)) throw new ViciEncodeError(`a connection cannot be named "${name}"`);
  const children = Object.entries(connection.children).map(([child, config]) => [child, encodeChild(config)] as const);
  return viciMessage({
    [name]: viciMessage({
      version: connection.version.toString(),
      local_addrs: texts('local_addrs', connection.localAddrs),
      remote_addrs: texts('remote_addrs', connection.remoteAddrs),
      local_port: count('local_port', connection.localPort, 0xffff),
      remote_port: count('remote_port', connection.remotePort, 0xffff),
      proposals: texts('proposals', connection.proposals),
      aggressive: yesNo(connection.aggressive),
      encap: yesNo(connection.encap),
      mobike: yesNo(connection.mobike),
      fragmentation: connection.fragmentation,
      dpd_delay: seconds('dpd_delay', connection.dpdDelaySeconds),
      dpd_timeout: seconds('dpd_timeout', connection.dpdTimeoutSeconds),
      keyingtries: count('keyingtries', connection.keyingTries, MAX_UINT32),
      rekey_time: seconds('rekey_time', connection.rekeyTimeSeconds),
      reauth_time: seconds('reauth_time', connection.reauthTimeSeconds),
      over_time: seconds('over_time', connection.overTimeSeconds),
      rand_time: seconds('rand_time', connection.randTimeSeconds),
      unique: connection.unique,
      local: encodeIdentity(connection.local),
      remote: encodeIdentity(connection.remote),
      children: new Map(children),
    }),
  });
}

function encodeIdentity({ auth, id }: IkeIdentity): ViciMessage {
  return viciMessage({ auth, id: id === undefined ? undefined : text('id', id) });
}

function encodeChild(child: ChildConfig): ViciMessage {
  return viciMessage({
    mode: child.mode,
    local_ts: texts('local_ts', child.localTs),
    remote_ts: texts('remote_ts', child.remoteTs),
    esp_proposals: texts('esp_proposals', child.espProposals),
    start_action: child.startAction,
    close_action: child.closeAction,
    dpd_action: child.dpdAction,
    rekey_time: seconds('rekey_time', child.rekeyTimeSeconds),
    life_time: seconds('life_time', child.lifeTimeSeconds),
    rand_time: seconds('rand_time', child.randTimeSeconds),
    rekey_bytes: count('rekey_bytes', child.rekeyBytes, MAX_COUNT),
    life_bytes: count('life_bytes', child.lifeBytes, MAX_COUNT),
    rekey_packets: count('rekey_packets', child.rekeyPackets, MAX_COUNT),
    life_packets: count('life_packets', child.lifePackets, MAX_COUNT),
    if_id_in: count('if_id_in', child.ifIdIn, MAX_UINT32),
    if_id_out: count('if_id_out', child.ifIdOut, MAX_UINT32),
    replay_window: count('replay_window', child.replayWindow, MAX_UINT32),
    updown: child.updown === undefined ? undefined : text('updown', child.updown),
    policies: yesNo(child.policies),
    copy_df: yesNo(child.copyDf),
    hw_offload: child.hwOffload,
  });
}

/** Text as charon takes it: printable ASCII of bounded length (vici_stringify). */
export function text(key: string, value: string, longest = LONGEST_TEXT): string {
  if (!/^[\x20-\x7e]*$/.test(value)) throw new ViciEncodeError(`"${key}" is not printable ASCII`);
  if (value.length > longest) throw new ViciEncodeError(`"${key}" is longer than ${longest} bytes`);
  return value;
}

function texts(key: string, values: readonly string[] | undefined): string[] | undefined {
  return values?.map((value) => text(key, value));
}

function seconds(key: string, value: number | undefined): string | undefined {
  return count(key, value, MAX_UINT32);
}

function count(key: string, value: number | undefined, most: number): string | undefined {
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new ViciEncodeError(`"${key}" is not an integer from 0 to ${most}`);
  }
  return value.toString();
}

function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no';
}
