import type { JsonObject } from '@landbridge/client';
import type { Cloud } from './cloud.ts';

/** A tunnel has this state from then until the next change. */
export interface StateChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: string;
}

/** The states of one tunnel, in their order. */
export type StateStory = readonly StateChange[];

/** Whether a tunnel had a state at some moment between two. */
export function hadState(story: StateStory, state: string, from: number, to: number): boolean {
  return story.some(({ at, state: then }, index) => {
    const end = story[index + 1]?.at ?? Infinity;
    return then === state && at <= to && end >= from;
  });
}

/** The flight recorder tells no change between these two. */
export function asRecorded(state: string): string {
  return state === 'up-unproven' ? 'up' : state;
}

/** What the flight recorder has of a tunnel. */
export async function recordedStory(cloud: Cloud, connectionId: string): Promise<StateStory> {
  const story: StateChange[] = [];
  let PaginationToken: string | undefined;
  for (;;) {
    const reply = await cloud.call(
      'DescribeTimeline',
      {
        ...{ ResourceId: connectionId, Kinds: ['state'], Order: 'oldest-first', Limit: 500 },
        ...(PaginationToken === undefined ? {} : { PaginationToken }),
      },
      'landbridge',
    );
    for (const { Time, State } of reply['LineSet'] as JsonObject[])
      story.push({ at: Date.parse(String(Time)), state: asRecorded(String(State)) });
    if (reply['IsLast'] === true) return story;
    PaginationToken = String(reply['PaginationToken']);
  }
}
