import type { Cidr } from '@landbridge/net';
import type { CaptureId, SubnetId, VpnConnectionId, VpnGatewayId } from '../resource-id.ts';

/** A tunnel: its inner packets; a VPN gateway: its outer ones; a subnet: what its router sends and gets there. */
export type CapturedId = VpnConnectionId | VpnGatewayId | SubnetId;

export const captureProtocols = ['tcp', 'udp', 'icmp', 'esp'] as const;
export type CaptureProtocol = (typeof captureProtocols)[number];

/** All of it has to fit; null: whatever it is. */
export interface CaptureFilter {
  readonly protocol: CaptureProtocol | null;
  readonly source: Cidr | null;
  readonly destination: Cidr | null;
  /** Of either end; TCP and UDP. */
  readonly port: number | null;
}

/** Whichever is reached first ends it. */
export interface CaptureLimits {
  /** Of each packet, so many bytes are kept. */
  readonly snapLength: number;
  readonly packets: number;
  readonly seconds: number;
  /** Of the file. */
  readonly bytes: number;
}

/** What is asked for. */
export interface CaptureOrder {
  readonly id: CaptureId;
  /** Whose it is; says nothing to the side that runs it but how many there may be. */
  readonly accountId: string;
  readonly resourceId: CapturedId;
  readonly filter: CaptureFilter;
  readonly limits: CaptureLimits;
  /** The keys of the SAs that carry it are kept with it, for its owner. */
  readonly includesKeys: boolean;
}

/** Why one is over. `device`: what it listened at is gone, or could not be listened at; `disk`: nothing can be written. */
export type CaptureEnd = 'packets' | 'time' | 'size' | 'stopped' | 'device' | 'disk';

/** As it stands. */
export interface PacketCapture extends CaptureOrder {
  /** The expression of pcap-filter(7) that it listens with. */
  readonly expression: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When its file goes. */
  readonly expiresAt: number;
  readonly packets: number;
  /** Of the file so far. */
  readonly bytes: number;
  /** That came too fast to be kept; null while it is not known. */
  readonly dropped: number | null;
  /** Null while it runs. */
  readonly ended: CaptureEnd | null;
}

/** Some of a file. */
export interface CapturePiece {
  readonly base64: string;
  /** Of the whole file, as long as it is now. */
  readonly totalBytes: number;
  readonly isFinished: boolean;
}

/** Why one is not started. */
export type CaptureRefusal =
  'host-full' | 'account-full' | 'not-there' | 'fits-nothing' | 'no-program' | 'keys-forbidden';

/** Who runs captures. Whoever cannot be asked now rejects with NotCapturingError. */
export interface PacketCapturing {
  /** Once it sees what passes. One that there is already is told as it is. */
  start(order: CaptureOrder): Promise<PacketCapture | CaptureRefusal>;
  /** Of every account, the newest first. */
  list(): Promise<readonly PacketCapture[]>;
  /** Once nothing more is written. False: there is no such one. */
  stop(id: CaptureId): Promise<boolean>;
  /** False: there was no such one. */
  remove(id: CaptureId): Promise<boolean>;
  /** Null: there is no such one. */
  read(id: CaptureId, offset: number): Promise<CapturePiece | null>;
  /** Wireshark's table of SAs (captures/esp-sa-table.ts). Null: there is no such one, or it has none. */
  keys(id: CaptureId): Promise<string | null>;
}

/** The acting side is away, or of a version that runs no captures. */
export class NotCapturingError extends Error {
  override readonly name = 'NotCapturingError';
}

export const captureBounds = {
  /** That run at a time. */
  running: { perHost: 5, perAccount: 2 },
  /** Those that are over and not deleted count: the oldest one makes room. */
  kept: { perHost: 20, perAccount: 4 },
  keptMs: 3_600_000,
  pieceBytes: 1_048_576,
  snapLength: { least: 64, most: 65_535, usual: 65_535 },
  packets: { most: 1_000_000, usual: 100_000 },
  seconds: { most: 600, usual: 60 },
  bytes: { least: 65_536, most: 64 * 1_048_576, usual: 16 * 1_048_576 },
} as const;
