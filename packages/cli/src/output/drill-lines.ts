import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type { failoverDrillActions } from '@landbridge/catalogue/operator/failover-drills';

/** What DrillFailover answers. */
export type DrillReply = ResponseOf<typeof failoverDrillActions.DrillFailover>;

export function drillLines({ SourceAddress, DestinationAddress, ...counted }: DrillReply): string[] {
  const { Sent, Lost, LongestLossMs, EndedEarly } = counted;
  const silence = Lost === 0 ? '' : `, the longest silence was ${LongestLossMs} ms`;
  return [
    `${SourceAddress} -> ${DestinationAddress}: ${Lost} of ${Sent} packets were lost${silence}`,
    EndedEarly
      ? '  ended early: nothing served in its place any more, or the tunnel failed itself'
      : '  another tunnel served all the time, and the routes are back',
  ];
}
