import type { HistoryQuestion, HistorySeries, SeriesName } from '../../domain/operator/history.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpnConnectionId, VpnGatewayId } from '../../domain/resource-id.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { sees } from '../visible-rows.ts';

export type HistoryId = VpnConnectionId | VpnGatewayId;

/** What was, of a tunnel or of all tunnels of a gateway together. */
export interface ResourceHistory {
  readonly gateway: VpnGateway;
  readonly points: HistorySeries;
}

/** Which steps. */
export type HistoryRange = Omit<HistoryQuestion, 'series'>;

/** Of one account: whoever asks much waits for himself. */
const mostQuestionsOfAccount = 2;

export type TunnelHistoryService = ReturnType<typeof tunnelHistoryService>;

export function tunnelHistoryService({ read, history }: Pick<ServiceDependencies, 'read' | 'history'>) {
  const underWay = new Map<string, number>();

  const ask = async (accountId: string, question: HistoryQuestion): Promise<readonly HistorySeries[]> => {
    const before = underWay.get(accountId) ?? 0;
    if (before >= mostQuestionsOfAccount) refuse('history-busy', { limit: mostQuestionsOfAccount });
    underWay.set(accountId, before + 1);
    try {
      return (await history.ask(question)) ?? refuse('history-away', {});
    } finally {
      const left = (underWay.get(accountId) ?? 1) - 1;
      if (left === 0) underWay.delete(accountId);
      else underWay.set(accountId, left);
    }
  };

  const historyOf = async (
    { accountId }: Caller,
    named: readonly NamedSeries[],
    range: HistoryRange,
  ): Promise<readonly ResourceHistory[]> => {
    const series = await ask(accountId, { ...range, series: named.map(({ name }) => name) });
    return named.map(({ gateway }, index) => ({ gateway, points: series[index] ?? [] }));
  };

  return {
    /** In the order of the ids. Refuses what is not the caller's own, or in another region. */
    inRegion: async (caller: Caller, ids: readonly HistoryId[], range: HistoryRange) => {
      const named = await read((rows) => ids.map((id) => seriesOf(rows, id, isOwnIn(caller))));
      return historyOf(caller, named, range);
    },

    /** An administrator sees every account, others their own; either in every region. */
    inEveryRegion: async (caller: Caller, id: HistoryId, range: HistoryRange): Promise<ResourceHistory> => {
      const named = await read((rows) => seriesOf(rows, id, (gateway) => sees(caller, gateway)));
      const [found] = await historyOf(caller, [named], range);
      return found ?? { gateway: named.gateway, points: [] };
    },
  };
}

interface NamedSeries {
  readonly gateway: VpnGateway;
  readonly name: SeriesName;
}

type IsSeen = (gateway: VpnGateway) => boolean;

function isOwnIn({ accountId, region }: Caller): IsSeen {
  return (gateway) => gateway.accountId === accountId && gateway.region === region;
}

function seriesOf(rows: Rows, id: HistoryId, isSeen: IsSeen): NamedSeries {
  const tunnel = rows.vpnConnections.get(id);
  const gateway = rows.vpnGateways.get(tunnel?.vpnGatewayId ?? id);
  if (gateway === undefined || !isSeen(gateway)) refuse('not-found', { id });
  return { gateway, name: { gateway: gateway.id, tunnel: tunnel?.id ?? null } };
}
