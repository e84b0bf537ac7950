import type { tunnelHistoryActions, WireHistoryPoint } from '@landbridge/catalogue/operator/tunnel-history';
import { meanDelayMs, type HistoryPoint, type StepSeconds } from '../../../domain/operator/history.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { checkRange } from '../../wire/history-range.ts';
import { readInstant } from '../../wire/read-instant.ts';
import { wireInstant } from '../../wire/wire-values.ts';

const usualStep = 60;
const usualMs = 3_600_000;

/** What passed a tunnel or a gateway (service landbridge). */
export function tunnelHistoryHandlers(
  { tunnelHistory }: Services,
  clock: Pick<Clock, 'now'>,
): Handlers<typeof tunnelHistoryActions> {
  return {
    DescribeTunnelHistory: async (caller, { ResourceId, From, To, Step = usualStep }) => {
      const to = To === undefined ? clock.now() : readInstant('To', To);
      const from = From === undefined ? to - usualMs : readInstant('From', From);
      const range = checkRange({ from, to, seconds: Step as StepSeconds, names: { from: 'From', to: 'To' } });
      const { points } = await tunnelHistory.inEveryRegion(caller, ResourceId, range);
      return {
        ResourceId,
        Step,
        From: wireInstant(from),
        To: wireInstant(to),
        PointSet: points.map(wirePoint),
      };
    },
  };
}

function wirePoint({ at, tally }: HistoryPoint): WireHistoryPoint {
  const { countedMs, inBytes, inPackets, outBytes, outPackets, probesSent, probesLost, watchedMs, connectedMs } = tally;
  return {
    Time: wireInstant(at),
    CountedMs: Math.round(countedMs),
    InBytes: inBytes,
    InPackets: inPackets,
    OutBytes: outBytes,
    OutPackets: outPackets,
    ProbeLossRatio: probesSent === 0 ? null : probesLost / probesSent,
    ProbeDelayMs: meanDelayMs(tally),
    ConnectedRatio: watchedMs === 0 ? null : connectedMs / watchedMs,
  };
}
