/**
 * IKE_SAs and CHILD_SAs as charon reports them in list-sas and in its events. Source: strongSwan 5.9.8
 * src/libcharon/plugins/vici/vici_query.c (list_ike, list_child); states: sa/ike_sa.c, sa/child_sa.c.
 * Times ending in `Seconds` count from now; those that lie ahead can be negative when overdue.
 */
import type { SectionReader } from './section-reader.ts';

const ikeSaStates = [
  'CREATED',
  'CONNECTING',
  'ESTABLISHED',
  'PASSIVE',
  'REKEYING',
  'REKEYED',
  'DELETING',
  'DESTROYING',
] as const;
/** UNKNOWN stands for a state this client has no name for. */
export type IkeSaState = (typeof ikeSaStates)[number] | 'UNKNOWN';

const childSaStates = [
  'CREATED',
  'ROUTED',
  'INSTALLING',
  'INSTALLED',
  'UPDATING',
  'REKEYING',
  'REKEYED',
  'RETRYING',
  'DELETING',
  'DELETED',
  'DESTROYING',
] as const;
/** UNKNOWN stands for a state this client has no name for. */
export type ChildSaState = (typeof childSaStates)[number] | 'UNKNOWN';

export interface IkeSa {
  /** Name of the connection it was made from. */
  readonly name: string;
  readonly uniqueId: number;
  readonly version: number;
  readonly state: IkeSaState;
  readonly role: 'initiator' | 'responder';
  readonly localHost: string;
  readonly localPort: number;
  readonly localId: string;
  readonly remoteHost: string;
  readonly remotePort: number;
  /** `%any` until the peer has said who it is. */
  readonly remoteId: string;
  /** 64 bits as 16 hexadecimal digits; zeros while not known. */
  readonly initiatorSpi: string;
  readonly responderSpi: string;
  readonly isNatLocal: boolean;
  readonly isNatRemote: boolean;
  readonly isNatFaked: boolean;
  readonly isNatAny: boolean;
  readonly ifIdIn: number | undefined;
  readonly ifIdOut: number | undefined;
  /** Algorithms by charon's names (`AES_CBC`, `HMAC_SHA2_256_128`, `MODP_2048`); undefined until negotiated. */
  readonly encrAlg: string | undefined;
  readonly encrKeySizeBits: number | undefined;
  readonly integAlg: string | undefined;
  readonly prfAlg: string | undefined;
  readonly dhGroup: string | undefined;
  /** Age; these three only while ESTABLISHED. */
  readonly establishedSeconds: number | undefined;
  readonly rekeyTimeSeconds: number | undefined;
  readonly reauthTimeSeconds: number | undefined;
  readonly localVips: readonly string[];
  readonly remoteVips: readonly string[];
  /** Names of pending tasks, `IKE_INIT`, `CHILD_CREATE` … */
  readonly tasksQueued: readonly string[];
  readonly tasksActive: readonly string[];
  readonly tasksPassive: readonly string[];
  readonly childSas: readonly ChildSa[];
}

export interface ChildSa {
  /** Name of the child configuration. */
  readonly name: string;
  readonly uniqueId: number;
  readonly reqid: number;
  readonly state: ChildSaState;
  /** `TUNNEL`, `TRANSPORT`, `BEET`: upper case, unlike in the configuration. */
  readonly mode: string | undefined;
  /** Present from INSTALLED on; undefined before. */
  readonly installed: InstalledChildSa | undefined;
  /** `10.0.0.0/24`, or with protocol and port `10.0.0.0/24[tcp/80]`. */
  readonly localTs: readonly string[];
  readonly remoteTs: readonly string[];
}

/** What a CHILD_SA has once it is in the kernel. */
export interface InstalledChildSa {
  readonly protocol: string;
  /** ESP in UDP (RFC 3948). */
  readonly isUdpEncapsulated: boolean;
  readonly spiIn: number;
  readonly spiOut: number;
  readonly ifIdIn: number | undefined;
  readonly ifIdOut: number | undefined;
  readonly encrAlg: string | undefined;
  readonly encrKeySizeBits: number | undefined;
  readonly integAlg: string | undefined;
  /** Group of PFS; undefined on the first CHILD_SA of an IKEv2 IKE_SA, which has no key exchange of its own. */
  readonly dhGroup: string | undefined;
  readonly isEsn: boolean;
  readonly bytesIn: number;
  readonly packetsIn: number;
  /** Since the last packet; undefined when there was none. */
  readonly useInSeconds: number | undefined;
  readonly bytesOut: number;
  readonly packetsOut: number;
  readonly useOutSeconds: number | undefined;
  readonly rekeyTimeSeconds: number | undefined;
  readonly lifeTimeSeconds: number | undefined;
  /** Age of the installation. */
  readonly installTimeSeconds: number;
}

export function readIkeSa(name: string, section: SectionReader): IkeSa {
  return {
    name,
    uniqueId: section.integer('uniqueid'),
    version: section.integer('version'),
    state: section.word('state', ikeSaStates, 'UNKNOWN'),
    role: section.isYes('initiator') ? 'initiator' : 'responder',
    localHost: section.text('local-host'),
    localPort: section.integer('local-port'),
    localId: section.text('local-id'),
    remoteHost: section.text('remote-host'),
    remotePort: section.integer('remote-port'),
    remoteId: section.text('remote-id'),
    initiatorSpi: section.text('initiator-spi'),
    responderSpi: section.text('responder-spi'),
    isNatLocal: section.isYes('nat-local'),
    isNatRemote: section.isYes('nat-remote'),
    isNatFaked: section.isYes('nat-fake'),
    isNatAny: section.isYes('nat-any'),
    ifIdIn: section.optionalHex('if-id-in'),
    ifIdOut: section.optionalHex('if-id-out'),
    encrAlg: section.optionalText('encr-alg'),
    encrKeySizeBits: section.optionalInteger('encr-keysize'),
    integAlg: section.optionalText('integ-alg'),
    prfAlg: section.optionalText('prf-alg'),
    dhGroup: section.optionalText('dh-group'),
    establishedSeconds: section.optionalInteger('established'),
    rekeyTimeSeconds: section.optionalInteger('rekey-time'),
    reauthTimeSeconds: section.optionalInteger('reauth-time'),
    localVips: section.list('local-vips'),
    remoteVips: section.list('remote-vips'),
    tasksQueued: section.list('tasks-queued'),
    tasksActive: section.list('tasks-active'),
    tasksPassive: section.list('tasks-passive'),
    childSas: section
      .section('child-sas')
      .sections()
      // In child-rekey events the entries hold `old` and `new` instead of a CHILD_SA.
      .flatMap(([, child]) => (child.optionalText('uniqueid') === undefined ? [] : [readChildSa(child)])),
  };
}

export function readChildSa(section: SectionReader): ChildSa {
  return {
    name: section.text('name'),
    uniqueId: section.integer('uniqueid'),
    reqid: section.integer('reqid'),
    state: section.word('state', childSaStates, 'UNKNOWN'),
    mode: section.optionalText('mode'),
    installed: section.optionalText('spi-in') === undefined ? undefined : readInstalledChildSa(section),
    localTs: section.list('local-ts'),
    remoteTs: section.list('remote-ts'),
  };
}

function readInstalledChildSa(section: SectionReader): InstalledChildSa {
  return {
    protocol: section.text('protocol'),
    isUdpEncapsulated: section.isYes('encap'),
    spiIn: section.optionalHex('spi-in') ?? 0,
    spiOut: section.optionalHex('spi-out') ?? 0,
    ifIdIn: section.optionalHex('if-id-in'),
    ifIdOut: section.optionalHex('if-id-out'),
    encrAlg: section.optionalText('encr-alg'),
    encrKeySizeBits: section.optionalInteger('encr-keysize'),
    integAlg: section.optionalText('integ-alg'),
    dhGroup: section.optionalText('dh-group'),
    isEsn: section.optionalText('esn') === '1',
    bytesIn: section.integer('bytes-in'),
    packetsIn: section.integer('packets-in'),
    useInSeconds: section.optionalInteger('use-in'),
    bytesOut: section.integer('bytes-out'),
    packetsOut: section.integer('packets-out'),
    useOutSeconds: section.optionalInteger('use-out'),
    rekeyTimeSeconds: section.optionalInteger('rekey-time'),
    lifeTimeSeconds: section.optionalInteger('life-time'),
    installTimeSeconds: section.integer('install-time'),
  };
}
