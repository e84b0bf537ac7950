import { say } from '../words/said.ts';
import type { SystemStatus } from './system-status.ts';

type Room = NonNullable<SystemStatus['Capacity']>['VpnGateways'];

/** How many more there may be, and what ends first. */
export function RoomMark({ room: { More, Reason } }: { readonly room: Room }) {
  if (More === null) return <span class="mark good">{say('host.moreUnbounded')}</span>;
  return (
    <>
      <span class={`mark ${More === 0 ? 'bad' : 'good'}`}>{say('host.moreIs', { more: More })}</span>{' '}
      <span class="fine">{Reason}</span>
    </>
  );
}
