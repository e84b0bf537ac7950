import { isSameFinding, isSameKind, type Finding } from '../domain/diagnosis/finding.ts';
import type { HealthCheckObservation, TunnelObservation } from '../domain/operator/observation.ts';
import type { NewLine } from '../domain/operator/timeline.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { TunnelState } from '../diagnosis/tunnel-condition.ts';
import { conditionOf, isQuietChange } from '../diagnosis/tunnel-state.ts';
import type { Clock } from '../platform/clock.ts';

const betweenSummariesMs = 60_000;

/** Who begins a tunnel; undefined: its plan is not known. */
export type NegotiationOf = (id: VpnConnectionId) => Parameters<typeof conditionOf>[0]['negotiation'] | undefined;

/** What is told of one tunnel when what is known of it is something else. */
export class TunnelLines {
  readonly #note: (line: NewLine) => void;
  readonly #clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly #negotiationOf: NegotiationOf;
  /** What was told last, by tunnel. */
  readonly #told = new Map<VpnConnectionId, Told>();

  constructor(note: (line: NewLine) => void, clock: Pick<Clock, 'now' | 'elapsed'>, negotiationOf: NegotiationOf) {
    this.#note = note;
    this.#clock = clock;
    this.#negotiationOf = negotiationOf;
  }

  /** A tunnel is as it is now. */
  observe(now: TunnelObservation): void {
    const { id, sas, usability, findings } = now;
    const told = this.#told.get(id) ?? { state: null, text: '', findings: [], probesAt: -Infinity, isLossy: false };
    this.#told.set(id, told);
    this.#tellState(now, told);
    this.#tellFindings(id, told, findings);
    const check = usability?.healthCheck;
    if (check != null) this.#tellProbes(id, told, check);
    if (sas === null && usability === null && findings.length === 0) this.#told.delete(id);
  }

  #tellState(now: TunnelObservation, told: Told): void {
    // Between two agents nothing is known: what was told before stands until charon was asked.
    if (now.sas === null && told.state === null) return;
    const connection = { negotiation: this.#negotiationOf(now.id) ?? 'active' };
    const { state, reason } = conditionOf(connection, now, this.#clock.now());
    const text = reason === '' ? state : `${state}: ${reason}`;
    if (text === told.text || (told.state !== null && isQuietChange(told.state, state))) return;
    const isFirst = told.state === null;
    told.state = state;
    told.text = text;
    this.#note({ subject: now.id, kind: 'state', text, detail: { state, isFirst } });
  }

  #tellFindings(id: VpnConnectionId, told: Told, findings: readonly Finding[]): void {
    const before = told.findings;
    if (findings === before) return;
    told.findings = findings;
    const missing = (from: readonly Finding[], all: readonly Finding[], isSame: typeof isSameFinding) =>
      from.filter((finding) => !all.some((other) => isSame(finding, other)));
    for (const finding of missing(findings, before, isSameFinding)) this.#tellFinding(id, finding, false);
    // One that has other values now is told, and not over.
    for (const finding of missing(before, findings, isSameKind)) this.#tellFinding(id, finding, true);
  }

  #tellFinding(id: VpnConnectionId, finding: Finding, isGone: boolean): void {
    const values = [`ours ${finding.ours ?? '?'}`, `theirs ${finding.theirs ?? '?'}`].join(', ');
    const text = isGone ? `${finding.code} is over` : `${finding.code} (${values})`;
    this.#note({ subject: id, kind: 'finding', text, detail: { finding, isGone } });
  }

  #tellProbes(id: VpnConnectionId, told: Told, { probes }: HealthCheckObservation): void {
    const { sent, lost, unsent, meanDelayMs } = probes;
    if (sent === 0) return;
    const now = this.#clock.elapsed();
    const isLossy = lost > 0;
    if (isLossy === told.isLossy && now - told.probesAt < betweenSummariesMs) return;
    told.probesAt = now;
    told.isLossy = isLossy;
    const delay = meanDelayMs === null ? '' : `, ${meanDelayMs.toFixed(1)} ms`;
    const notSent = unsent === 0 ? '' : `, ${unsent} could not be sent`;
    this.#note({ subject: id, kind: 'probes', text: `${sent} sent, ${lost} lost${notSent}${delay}` });
  }
}

interface Told {
  state: TunnelState | null;
  /** With its reason. */
  text: string;
  findings: readonly Finding[];
  probesAt: number;
  isLossy: boolean;
}
