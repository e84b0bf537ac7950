import type { VpnConnectionId } from '../resource-id.ts';

/** The SAs of a tunnel as they are, without their keys. Spans of time count from `askedAt`; what is due may be overdue, and negative. */
export interface TunnelSas {
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
  /** The newest first. */
  readonly ikeSas: readonly IkeSaNow[];
  /** How many there are: no more than `saBounds` are told. */
  readonly counts: { readonly ikeSas: number; readonly childSas: number };
}

export interface IkeSaNow {
  /** As charon numbers them. */
  readonly uniqueId: number;
  readonly version: number;
  /** As charon has it (`ESTABLISHED`, `REKEYED`). */
  readonly state: string;
  /** Of this side. */
  readonly role: 'initiator' | 'responder';
  /** 64 bits, hexadecimal. */
  readonly initiatorSpi: string;
  readonly responderSpi: string;
  readonly local: SaEnd;
  readonly remote: SaEnd;
  readonly algorithms: SaAlgorithms & { readonly prf: string | null };
  readonly establishedSeconds: number | null;
  readonly rekeySeconds: number | null;
  readonly reauthSeconds: number | null;
  /** The newest first. */
  readonly childSas: readonly ChildSaNow[];
}

export interface SaEnd {
  readonly address: string;
  readonly port: number;
  readonly identity: string;
}

/** By charon's names (`AES_CBC_256`, `MODP_2048`); null where there is none. */
export interface SaAlgorithms {
  readonly encryption: string | null;
  readonly integrity: string | null;
  readonly group: string | null;
}

export interface ChildSaNow {
  readonly uniqueId: number;
  /** Of the tunnel's own list: one for each pair of ranges. */
  readonly name: string;
  readonly state: string;
  readonly mode: string | null;
  readonly localSelectors: readonly string[];
  readonly remoteSelectors: readonly string[];
  /** Null: it is not negotiated to its end. */
  readonly installed: InstalledChildSaNow | null;
}

export interface InstalledChildSaNow {
  /** `ESP`. */
  readonly protocol: string;
  /** 32 bits, hexadecimal. */
  readonly spiIn: string;
  readonly spiOut: string;
  readonly isUdpEncapsulated: boolean;
  readonly isEsn: boolean;
  readonly algorithms: SaAlgorithms;
  readonly in: SaPassed;
  readonly out: SaPassed;
  readonly installedSeconds: number;
  readonly rekeySeconds: number | null;
  readonly lifeSeconds: number | null;
}

/** What passed in one direction. */
export interface SaPassed {
  readonly bytes: number;
  readonly packets: number;
  /** Since the last packet; null: none yet. */
  readonly quietSeconds: number | null;
}

export function noSas(askedAt: number): TunnelSas {
  return { askedAt, ikeSas: [], counts: { ikeSas: 0, childSas: 0 } };
}

/** A peer may open as many as it likes: what is told of them is bounded. */
export const saBounds = { ikeSas: 16, childSas: 256, selectors: 32, text: 300 } as const;

/** Who asks for those of one tunnel often is told the same for so long. */
export const sasKeptMs = 1000;

/** The SAs, or why they cannot be told now. */
export type SasAnswer = { readonly sas: TunnelSas } | { readonly problem: string };

/** Who can be asked for the SAs of a tunnel. */
export type AskSas = (tunnel: VpnConnectionId) => Promise<SasAnswer>;
