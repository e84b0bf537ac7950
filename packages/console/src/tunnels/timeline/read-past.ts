import { call, type Reply } from '../../calls/call.ts';
import { now } from '../../live/now.ts';
import type { Tunnel } from '../tunnel.ts';
import type { Line } from './bands.ts';
import { firstStepOf, stepOf, type StepSeconds } from './history-step.ts';
import { lastHour, searchOf, type TimeWindow } from './time-window.ts';

type TunnelId = Tunnel['VpnConnectionId'];

export interface Traffic {
  readonly window: TimeWindow;
  readonly stepSeconds: StepSeconds;
  readonly points: Reply<'DescribeTunnelHistory'>['PointSet'];
}

export interface Story {
  readonly window: TimeWindow;
  /** The newest first; the last one may be the state of before the window. */
  readonly lines: readonly Line[];
  /** There are older ones in the window that were not read. */
  readonly isCut: boolean;
}

/** @param chosen null: the last hour. */
export async function readTraffic(id: TunnelId, chosen: TimeWindow | null, isBackground: boolean): Promise<Traffic> {
  const window = chosen ?? lastHour(now.peek());
  const Step = stepOf(window, now.peek());
  const { from: From, to: To } = searchOf({ from: firstStepOf(window, Step), to: window.to });
  const { PointSet } = await call('DescribeTunnelHistory', { ResourceId: id, From, To, Step }, { isBackground });
  return { window, stepSeconds: Step, points: PointSet };
}

/** What the page takes of a window: a week of a tunnel that flaps is cut. */
const most = { lines: 1000, pages: 6 } as const;

/** @param chosen null: the last hour. */
export async function readStory(id: TunnelId, chosen: TimeWindow | null, isBackground: boolean): Promise<Story> {
  const window = chosen ?? lastHour(now.peek());
  const { from: From, to: To } = searchOf(window);
  const asked = { ResourceId: id, From, To, Kinds: ['state' as const, 'finding' as const, 'event' as const] };
  const lines: Line[] = [];
  let token = '';
  for (let pages = 0; pages < most.pages && lines.length < most.lines; pages++) {
    const more = token === '' ? {} : { PaginationToken: token };
    const page = await call('DescribeTimeline', { ...asked, ...more, Limit: 500 }, { isBackground });
    lines.push(...page.LineSet);
    token = page.PaginationToken;
    if (page.IsLast) return { window, lines: [...lines, ...(await stateBefore(id, From, isBackground))], isCut: false };
  }
  return { window, lines, isCut: true };
}

async function stateBefore(id: TunnelId, To: string, isBackground: boolean): Promise<readonly Line[]> {
  const { LineSet } = await call(
    'DescribeTimeline',
    { ResourceId: id, To, Kinds: ['state'], Limit: 1 },
    { isBackground },
  );
  return LineSet;
}
