import { expect, it } from 'vitest';
import { emptyTally, packSeries } from '../domain/operator/history.ts';
import { historyAnswer, historyMessage, historyQuestion, historySeries } from './history-message.ts';

const series = [{ gateway: 'vpngw-gateway1', tunnel: 'vpnx-tunnel01' }] as const;
const noon = Date.UTC(2026, 10, 27, 12);
const points = [{ at: noon - 60_000, tally: { ...emptyTally, inBytes: 7, connectedMs: 3 } }];

it.each([0, 3000, -3000, 86_400_000, -86_400_000])(
  'what was a minute ago is so on both sides, whose clocks differ by %d ms',
  (ahead) => {
    const [here, there] = [noon, noon + ahead];
    const question = { series, from: here - 120_000, to: here + 5000, seconds: 10 } as const;
    const asked = historyQuestion({ ...historyMessage(question, here) }, there);
    expect(asked).toEqual({ series, from: there - 120_000, to: there + 5000, seconds: 10 });
    const told = historyAnswer([packSeries(points.map((point) => ({ ...point, at: point.at + ahead })))], there);
    const agrees = Math.abs(ahead) <= 60_000;
    expect(historySeries(JSON.parse(JSON.stringify(told)) as typeof told, here)).toEqual([
      points.map((point) => ({ ...point, at: point.at + (agrees ? ahead : 0) })),
    ]);
  },
);
