import type { Finding, ToldFinding } from '../../domain/diagnosis/finding.ts';
import { mutes, type FindingMute } from '../../domain/diagnosis/finding-mute.ts';
import type { FindingCode } from '../../domain/diagnosis/finding-codes.ts';
import { negotiationFindings } from '../../domain/diagnosis/negotiation-findings.ts';
import type { EventSink } from '../../domain/operator/event.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import type { Clock } from '../../platform/clock.ts';
import type { TunnelLook } from './tunnel-states.ts';

type Look = Pick<TunnelLook, 'state' | 'findings' | 'isConnected'>;

export interface FindingNewsOptions {
  /** As it was told before the last stop. */
  readonly told: readonly ToldFinding[];
  /** Those that somebody knows of until they are gone. */
  readonly acknowledged: readonly ToldFinding[];
  /** In words; null: it is not worth telling. */
  readonly describe: (finding: Finding) => string | null;
  readonly muteOf: (vpnConnectionId: string, code: FindingCode) => FindingMute | undefined;
  /** An acknowledged one is gone: whatever comes later is another. */
  readonly endMute: (finding: ToldFinding) => void;
  readonly record: EventSink;
  readonly clock: Pick<Clock, 'now'>;
}

/** What is followed until it is gone. */
interface Followed {
  /** Since when it is not there any more; null: it is there, or nobody knows. */
  goneSince: number | null;
  /** Nobody was told of it, since somebody knows. */
  readonly isAcknowledged: boolean;
}

/** So long a finding has to be gone before it is told that it is. */
export const goneForMs = 30_000;

const ofNegotiation: ReadonlySet<string> = new Set(negotiationFindings);

/**
 * What becomes wrong with tunnels, and what is mended: each told once, as an event. What comes and goes is one thing as long as it never
 * was gone for a while, and what is muted is told to nobody.
 */
export class FindingNews {
  readonly #options: FindingNewsOptions;
  readonly #followed = new Map<VpnConnectionId, Map<FindingCode, Followed>>();
  /** Those of which something may be told to be gone. */
  readonly #leaving = new Set<VpnConnectionId>();

  constructor(options: FindingNewsOptions) {
    this.#options = options;
    // Whether they are gone is known once their tunnels are looked at.
    for (const { resourceId, code } of options.told) this.#follow(resourceId, code, false);
    for (const { resourceId, code } of options.acknowledged) this.#follow(resourceId, code, true);
  }

  /** How the tunnel is now; null: it is no more. */
  readonly note = (id: VpnConnectionId, look: Look | null): void => {
    if (look === null) {
      this.#followed.delete(id);
      this.#leaving.delete(id);
      return;
    }
    const now = this.#options.clock.now();
    for (const finding of look.findings) this.#tell(id, finding, now);
    for (const [code, followed] of this.#followed.get(id) ?? []) {
      if (isGone(code, look)) followed.goneSince ??= now;
      else followed.goneSince = null;
      if (followed.goneSince !== null) this.#leaving.add(id);
    }
  };

  /** Each second: tells what is gone for good. Costs as much as there is on its way out. */
  tick(): void {
    const now = this.#options.clock.now();
    for (const id of this.#leaving) if (!this.#tellGone(id, now)) this.#leaving.delete(id);
  }

  #tell(id: VpnConnectionId, finding: Finding, now: number): void {
    const { describe, muteOf, record } = this.#options;
    const { code } = finding;
    if (this.#followed.get(id)?.has(code) === true) return;
    const mute = muteOf(id, code);
    if (mute !== undefined && mutes(mute, now)) {
      if (mute.until === null) this.#follow(id, code, true);
      return;
    }
    const message = describe(finding);
    if (message === null) return;
    this.#follow(id, code, false);
    record({ resourceId: id, kind: 'finding-raised', message, at: now, finding: code });
  }

  /** True while something else may be gone later. */
  #tellGone(id: VpnConnectionId, now: number): boolean {
    const followed = this.#followed.get(id) ?? new Map<FindingCode, Followed>();
    let isMore = false;
    for (const [code, { goneSince, isAcknowledged }] of followed) {
      if (goneSince === null) continue;
      if (now - goneSince < goneForMs) {
        isMore = true;
        continue;
      }
      followed.delete(code);
      this.#end(id, code, isAcknowledged, now);
    }
    if (followed.size === 0) this.#followed.delete(id);
    return isMore;
  }

  #end(id: VpnConnectionId, code: FindingCode, isAcknowledged: boolean, now: number): void {
    if (this.#options.muteOf(id, code)?.until === null) this.#options.endMute({ resourceId: id, code });
    if (isAcknowledged) return;
    const message = `It is mended: ${code}.`;
    this.#options.record({ resourceId: id, kind: 'finding-cleared', message, at: now, finding: code });
  }

  #follow(id: VpnConnectionId, code: FindingCode, isAcknowledged: boolean): void {
    const ofTunnel = this.#followed.get(id) ?? new Map<FindingCode, Followed>();
    this.#followed.set(id, ofTunnel);
    if (!ofTunnel.has(code)) ofTunnel.set(code, { goneSince: null, isAcknowledged });
  }
}

/**
 * Where nothing is known of a tunnel, nothing is known to be gone. What kept it from coming up is gone once it is up, or something else
 * keeps it: a new agent has to wait for the next attempt to know.
 */
function isGone(code: FindingCode, { state, findings, isConnected }: Look): boolean {
  if (state === 'unknown' || findings.some((finding) => finding.code === code)) return false;
  return !ofNegotiation.has(code) || isConnected || findings.some((finding) => ofNegotiation.has(finding.code));
}
