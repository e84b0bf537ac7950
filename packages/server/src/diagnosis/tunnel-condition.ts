/** What is true of a tunnel, in one word: the same one in `landbridge status`, in answers of the service and in events. */
export type TunnelState =
  /** Something went there and back through it, encrypted, within the last seconds. */
  | 'up'
  /** Its CHILD_SAs are installed, nothing is known to be wrong, and nothing proves that it carries packets. */
  | 'up-unproven'
  /** Some of its mappings have a CHILD_SA. */
  | 'partly-up'
  /** Packets go out, and it is known that answers do not come. */
  | 'one-way-out'
  /** Packets come in, and it is known that ours do not arrive. */
  | 'one-way-in'
  /** No route leads any packet into it. */
  | 'no-route'
  /** What is sent through it, or comes out of it, is dropped here. */
  | 'policy-drop'
  /** Small packets pass, those of the tunnel's MTU do not. */
  | 'mtu-hole'
  /** Its CHILD_SAs are installed and its probes are not answered any more: its routes are taken out. */
  | 'check-failed'
  /** Faultless again, its routes wait for the end of the hold-down. */
  | 'held-down'
  /** No CHILD_SA, and nothing is known to be wrong. */
  | 'negotiating'
  /** No CHILD_SA, and the peer answers nothing. */
  | 'peer-silent'
  /** No CHILD_SA, since one end does not agree to what the other wants. */
  | 'refused'
  /** Nothing was seen of it since the service started. */
  | 'unknown';

/** How a tunnel is, as of now. */
export interface TunnelCondition {
  readonly state: TunnelState;
  /** For people; empty when the word says it all. */
  readonly reason: string;
  /** What was last seen to go there and back through it, for people; empty: nothing yet. */
  readonly proof: string;
  /** When, milliseconds since the epoch; null: not yet. */
  readonly provenAt: number | null;
}

export type Judgement = Pick<TunnelCondition, 'state' | 'reason'>;
