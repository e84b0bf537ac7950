import { isOver, type FindingMute } from '../../domain/diagnosis/finding-mute.ts';
import type { FindingCode } from '../../domain/diagnosis/finding-codes.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpnConnectionId, VpnGatewayId } from '../../domain/resource-id.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface MutedFinding {
  readonly resourceId: VpnConnectionId | VpnGatewayId;
  readonly code: FindingCode;
}

export type FindingMuteService = ReturnType<typeof findingMuteService>;

/** No quota: of each tunnel and gateway there are as many at most as there are codes. */
export function findingMuteService({ decide, read, clock }: ServiceDependencies) {
  /** Whose it is: an administrator acts for every account. */
  function ownerOf(rows: Rows, { accountId, isAdministrator }: Caller, id: string): string {
    const resource = rows.vpnConnections.get(id) ?? rows.vpnGateways.get(id);
    const isSeen = resource !== undefined && (isAdministrator || resource.accountId === accountId);
    return orNotFound(isSeen ? resource : undefined, id).accountId;
  }

  return {
    /** Again, with another reason or end, replaces it. Those that are over make room. @param until null: until it is gone. */
    mute: (
      caller: Caller,
      { resourceId, code }: MutedFinding,
      { reason, until }: Pick<FindingMute, 'reason' | 'until'>,
    ): Promise<void> =>
      decide(caller, (rows) => {
        const accountId = ownerOf(rows, caller, resourceId);
        const now = clock.now();
        if (until !== null && until <= now) refuse('mute-ends-before', { until: new Date(until).toISOString() });
        for (const mute of rows.findingMutes.of('resource', resourceId))
          if (isOver(mute, now)) rows.findingMutes.remove(mute.resourceId, mute.code);
        const mutedBy = caller.principal.keyId;
        rows.findingMutes.put({ resourceId, code, accountId, reason, mutedBy, until, createdAt: now });
      }),

    unmute: (caller: Caller, { resourceId, code }: MutedFinding): Promise<void> =>
      decide(caller, (rows) => {
        ownerOf(rows, caller, resourceId);
        if (rows.findingMutes.get(resourceId, code) === undefined)
          refuse('finding-not-muted', { id: resourceId, code });
        rows.findingMutes.remove(resourceId, code);
      }),

    /** Those that are not over; an administrator sees every account's. */
    list: ({ isAdministrator, accountId }: Caller): Promise<readonly FindingMute[]> =>
      read((rows) => {
        const all = isAdministrator ? rows.findingMutes.all() : rows.findingMutes.of('account', accountId);
        return all.filter((mute) => !isOver(mute, clock.now()));
      }),
  };
}
