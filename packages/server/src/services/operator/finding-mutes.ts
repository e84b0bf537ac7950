import { isOver, type FindingMute } from '../../domain/diagnosis/finding-mute.ts';
import type { FindingCode } from '../../domain/diagnosis/finding-codes.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { sees, visibleRows } from '../visible-rows.ts';

export interface MutedFinding {
  readonly vpnConnectionId: VpnConnectionId;
  readonly code: FindingCode;
}

export type FindingMuteService = ReturnType<typeof findingMuteService>;

/** No quota: of each tunnel there are as many at most as there are codes. */
export function findingMuteService({ decide, read, clock }: ServiceDependencies) {
  /** Whose it is: an administrator acts for every account. */
  function ownerOf(rows: Rows, caller: Caller, id: string): string {
    const connection = orNotFound(rows.vpnConnections.get(id), id);
    return orNotFound(sees(caller, connection) ? connection : undefined, id).accountId;
  }

  return {
    /** Again, with another reason or end, replaces it. Those that are over make room. @param until null: until it is gone. */
    mute: (
      caller: Caller,
      { vpnConnectionId, code }: MutedFinding,
      { reason, until }: Pick<FindingMute, 'reason' | 'until'>,
    ): Promise<void> =>
      decide(caller, (rows) => {
        const accountId = ownerOf(rows, caller, vpnConnectionId);
        const now = clock.now();
        if (until !== null && until <= now) refuse('mute-ends-before', { until: new Date(until).toISOString() });
        for (const mute of rows.findingMutes.of('vpnConnection', vpnConnectionId))
          if (isOver(mute, now)) rows.findingMutes.remove(vpnConnectionId, mute.code);
        const mutedBy = caller.principal.keyId;
        rows.findingMutes.put({ vpnConnectionId, code, accountId, reason, mutedBy, until, createdAt: now });
      }),

    unmute: (caller: Caller, { vpnConnectionId, code }: MutedFinding): Promise<void> =>
      decide(caller, (rows) => {
        ownerOf(rows, caller, vpnConnectionId);
        if (rows.findingMutes.get(vpnConnectionId, code) === undefined)
          refuse('finding-not-muted', { id: vpnConnectionId, code });
        rows.findingMutes.remove(vpnConnectionId, code);
      }),

    /** Those that are not over; an administrator sees every account's. */
    list: (caller: Caller): Promise<readonly FindingMute[]> =>
      read((rows) => visibleRows(caller, rows.findingMutes).filter((mute) => !isOver(mute, clock.now()))),
  };
}
