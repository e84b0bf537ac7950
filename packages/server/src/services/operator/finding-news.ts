import type { Finding, ToldFinding } from '../../domain/diagnosis/finding.ts';
import { mutes, type FindingMute } from '../../domain/diagnosis/finding-mute.ts';
import type { FindingCode } from '../../domain/diagnosis/finding-codes.ts';
import type { EventSink } from '../../domain/operator/event.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import type { Clock } from '../../platform/clock.ts';

export interface FindingNewsOptions {
  /** As it was told before the last stop. */
  readonly told: readonly ToldFinding[];
  /** In words; null: it is not worth telling. */
  readonly describe: (finding: Finding) => string | null;
  readonly muteOf: (vpnConnectionId: string, code: FindingCode) => FindingMute | undefined;
  readonly record: EventSink;
  readonly clock: Pick<Clock, 'now'>;
}

interface Told {
  /** Since when it is not there any more; null: it is there. */
  goneSince: number | null;
}

/** So long a finding has to be gone before it is told that it is. */
export const goneForMs = 30_000;

/**
 * What becomes wrong with tunnels, and what is mended: each told once, as an event. What comes and goes is one thing as long as it never
 * was gone for a while, and what is muted is told to nobody.
 */
export class FindingNews {
  readonly #options: FindingNewsOptions;
  readonly #told = new Map<VpnConnectionId, Map<FindingCode, Told>>();
  /** Those of which something may be told to be gone. */
  readonly #leaving = new Set<VpnConnectionId>();

  constructor(options: FindingNewsOptions) {
    this.#options = options;
    // Whether they are gone is known once their tunnels are looked at.
    for (const { resourceId, code } of options.told) this.#toldOf(resourceId).set(code, { goneSince: null });
  }

  /** What is wrong with the tunnel now; null: it is no more. */
  readonly note = (id: VpnConnectionId, findings: readonly Finding[] | null): void => {
    if (findings === null) {
      this.#told.delete(id);
      this.#leaving.delete(id);
      return;
    }
    const { clock } = this.#options;
    const now = clock.now();
    const there = new Set(findings.map(({ code }) => code));
    for (const finding of findings) this.#tell(id, finding, now);
    for (const [code, told] of this.#told.get(id) ?? []) {
      if (there.has(code)) told.goneSince = null;
      else told.goneSince ??= now;
      if (told.goneSince !== null) this.#leaving.add(id);
    }
  };

  /** Each second: tells what is gone for good. Costs as much as there is on its way out. */
  tick(): void {
    const now = this.#options.clock.now();
    for (const id of this.#leaving) if (!this.#tellGone(id, now)) this.#leaving.delete(id);
  }

  #tell(id: VpnConnectionId, finding: Finding, now: number): void {
    const { describe, muteOf, record } = this.#options;
    if (this.#told.get(id)?.has(finding.code) === true) return;
    const mute = muteOf(id, finding.code);
    if (mute !== undefined && mutes(mute, finding, now)) return;
    const message = describe(finding);
    if (message === null) return;
    this.#toldOf(id).set(finding.code, { goneSince: null });
    record({ resourceId: id, kind: 'finding-raised', message, at: now, finding: finding.code });
  }

  /** True while something else may be gone later. */
  #tellGone(id: VpnConnectionId, now: number): boolean {
    const told = this.#told.get(id) ?? new Map<FindingCode, Told>();
    let isMore = false;
    for (const [code, { goneSince }] of told) {
      if (goneSince === null) continue;
      if (now - goneSince < goneForMs) {
        isMore = true;
        continue;
      }
      told.delete(code);
      const message = `It is mended: ${code}.`;
      this.#options.record({ resourceId: id, kind: 'finding-cleared', message, at: now, finding: code });
    }
    if (told.size === 0) this.#told.delete(id);
    return isMore;
  }

  #toldOf(id: VpnConnectionId): Map<FindingCode, Told> {
    const known = this.#told.get(id) ?? new Map<FindingCode, Told>();
    this.#told.set(id, known);
    return known;
  }
}
