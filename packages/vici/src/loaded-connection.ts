/**
 * Connections as charon lists them. It lists less than it was given: no proposals, no start_action, no life times, no
 * if_ids. Source: strongSwan 5.9.8 src/libcharon/plugins/vici/vici_query.c (list_conns, build_auth_cfgs).
 */
import type { SectionReader } from './section-reader.ts';

export interface LoadedConnection {
  readonly name: string;
  readonly localAddrs: readonly string[];
  readonly remoteAddrs: readonly string[];
  /** `IKEv1`, `IKEv2` or `IKEv1/2`. */
  readonly version: string;
  readonly reauthTimeSeconds: number;
  readonly rekeyTimeSeconds: number;
  /** `UNIQUE_NO`, `UNIQUE_NEVER`, `UNIQUE_KEEP`, `UNIQUE_REPLACE`. */
  readonly unique: string;
  /** Undefined when zero. */
  readonly dpdDelaySeconds: number | undefined;
  readonly dpdTimeoutSeconds: number | undefined;
  readonly local: readonly AuthenticationRound[];
  readonly remote: readonly AuthenticationRound[];
  readonly children: readonly LoadedChild[];
}

export interface AuthenticationRound {
  /** `pre-shared key`, `public key`, `EAP`, `XAuth`; undefined when any will do. */
  readonly authClass: string | undefined;
  readonly id: string | undefined;
}

export interface LoadedChild {
  readonly name: string;
  /** `TUNNEL`, `TRANSPORT`, … */
  readonly mode: string | undefined;
  readonly rekeyTimeSeconds: number;
  readonly rekeyBytes: number;
  readonly rekeyPackets: number;
  /** As in StartAction. */
  readonly dpdAction: string;
  readonly closeAction: string;
  readonly localTs: readonly string[];
  readonly remoteTs: readonly string[];
}

export function readLoadedConnection(name: string, section: SectionReader): LoadedConnection {
  const rounds = (side: string) =>
    section
      .sections()
      .filter(([round]) => round.startsWith(side))
      .map(([, round]) => ({ authClass: round.optionalText('class'), id: round.optionalText('id') }));
  return {
    name,
    localAddrs: section.list('local_addrs'),
    remoteAddrs: section.list('remote_addrs'),
    version: section.text('version'),
    reauthTimeSeconds: section.integer('reauth_time'),
    rekeyTimeSeconds: section.integer('rekey_time'),
    unique: section.text('unique'),
    dpdDelaySeconds: section.optionalInteger('dpd_delay'),
    dpdTimeoutSeconds: section.optionalInteger('dpd_timeout'),
    local: rounds('local-'),
    remote: rounds('remote-'),
    children: section
      .section('children')
      .sections()
      .map(([childName, child]) => readLoadedChild(childName, child)),
  };
}

function readLoadedChild(name: string, section: SectionReader): LoadedChild {
  return {
    name,
    mode: section.optionalText('mode'),
    rekeyTimeSeconds: section.integer('rekey_time'),
    rekeyBytes: section.integer('rekey_bytes'),
    rekeyPackets: section.integer('rekey_packets'),
    dpdAction: readAction(section, 'dpd_action'),
    closeAction: readAction(section, 'close_action'),
    localTs: section.list('local-ts'),
    remoteTs: section.list('remote-ts'),
  };
}

/** charon prints joined actions as `trap | start`, and takes them as `trap|start`. */
function readAction(section: SectionReader, key: string): string {
  return section.text(key).replaceAll(' ', '');
}
