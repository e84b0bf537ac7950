import type { FindingCode } from '../diagnosis/finding-codes.ts';
import type { VpnConnectionId, VpnGatewayId } from '../resource-id.ts';

export type EventKind =
  /** All CHILD_SAs are installed. */
  | 'tunnel-up'
  | 'tunnel-down'
  /** It is in another state (diagnosis/tunnel-condition.ts); the message has the old and the new one. */
  | 'state-changed'
  /** The first answer since the health check was switched on. */
  | 'probe-answered'
  | 'probe-failed'
  | 'probe-recovered'
  /** Its routes are taken out. */
  | 'tunnel-withdrawn'
  /** It is faultless again and waits. */
  | 'held-down'
  | 'tunnel-returned'
  /** A destination of a gateway leads elsewhere now. */
  | 'route-switched'
  /** The CCN of a gateway leads a destination there, or not any more. */
  | 'range-announced'
  | 'range-withdrawn'
  /** Something is wrong with it that was not, or is not any more (domain/diagnosis/finding.ts). */
  | 'finding-raised'
  | 'finding-cleared';

/** What webhooks are told of. */
export const toldKinds: readonly EventKind[] = ['state-changed', 'finding-raised', 'finding-cleared'];

/** Characters of what is told of one. */
export const longestMessage = 4000;

/** Something that happened to a resource, with its cause, for its owner. */
export interface NewEvent {
  readonly resourceId: VpnConnectionId | VpnGatewayId;
  readonly kind: EventKind;
  /** For people. */
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of findings that come and go. */
  readonly finding?: FindingCode;
}

export interface RecordedEvent extends NewEvent {
  /** Counts up. */
  readonly id: number;
  /** The gateway itself or that of the tunnel. */
  readonly vpnGatewayId: VpnGatewayId;
}

/** Of whose tunnel or gateway an event tells. */
export interface OwnedEvent extends NewEvent {
  readonly accountId: string;
  readonly vpnGatewayId: VpnGatewayId;
}

/** As one process has numbered them, counting up from 1: by its number it is known whether one came before. */
export interface NumberedEvents {
  /** Names the process' life. */
  readonly series: string;
  readonly events: readonly { readonly number: number; readonly event: NewEvent }[];
}

/** What is asked about events. */
export interface EventSelection {
  /** A tunnel, or a gateway with its tunnels. */
  readonly resourceId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
  /** Before that. */
  readonly until: number | undefined;
  /** All kinds unless given. */
  readonly kinds: readonly EventKind[] | undefined;
  /** Only older ones than this. */
  readonly beforeId: number | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** Events of a tunnel, or of a gateway with its tunnels, of some time. */
export interface EventStretch {
  readonly resourceId: string;
  /** Milliseconds since the epoch; null: without a bound. */
  readonly from: number | null;
  /** Before that. */
  readonly to: number | null;
  /** From then on the acting side has them, but for what the deciding side alone tells. */
  readonly recordedSince: number;
  readonly order: 'oldest-first' | 'newest-first';
  /** Beyond this one, in that order; null: from the beginning. */
  readonly after: number | null;
  readonly limit: number;
}

export type EventSink = (event: NewEvent) => void;
