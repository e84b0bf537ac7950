import { expect, it } from 'vitest';
import { drillLines, type DrillReply } from './drill-lines.ts';

const drilled: DrillReply = {
  ...{ SourceAddress: '10.0.1.7', DestinationAddress: '192.168.1.6', Sent: 600, Lost: 0, LongestLossMs: 0 },
  EndedEarly: false,
};

it('a drill is told with what it cost, and whether another tunnel served to its end', () => {
  expect(drillLines(drilled)).toEqual([
    '10.0.1.7 -> 192.168.1.6: 0 of 600 packets were lost',
    '  another tunnel served all the time, and the routes are back',
  ]);
  expect(drillLines({ ...drilled, Lost: 3, LongestLossMs: 60, EndedEarly: true })).toEqual([
    '10.0.1.7 -> 192.168.1.6: 3 of 600 packets were lost, the longest silence was 60 ms',
    '  ended early: nothing served in its place any more, or the tunnel failed itself',
  ]);
});
