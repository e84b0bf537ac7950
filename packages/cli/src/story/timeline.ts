import type { WireTimelineLine } from '@landbridge/catalogue/operator/timelines';
import type { Client } from '@landbridge/client/client';

export type TimelineLine = WireTimelineLine;

export interface TimelineQuestion {
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly from?: number;
  readonly to?: number;
  readonly kinds?: readonly TimelineLine['Kind'][];
  readonly order: 'newest-first' | 'oldest-first';
}

const linesOfPage = 500;

/** Lines of a resource in that order, page by page: as many as there are now. */
export async function* timelineOf(
  client: Pick<Client, 'call'>,
  question: TimelineQuestion,
): AsyncGenerator<TimelineLine> {
  let token: string | undefined;
  for (;;) {
    const page = await timelinePage(client, question, token);
    yield* page.lines;
    if (page.isLast) return;
    token = page.token;
  }
}

/** At most so many of them. */
export async function firstLines(
  client: Pick<Client, 'call'>,
  question: TimelineQuestion,
  most: number,
): Promise<TimelineLine[]> {
  const lines: TimelineLine[] = [];
  for await (const line of timelineOf(client, question)) {
    lines.push(line);
    if (lines.length === most) break;
  }
  return lines;
}

export interface TimelinePage {
  readonly lines: readonly TimelineLine[];
  /** Goes on after the page, now or later. */
  readonly token: string;
  readonly isLast: boolean;
}

export async function timelinePage(
  client: Pick<Client, 'call'>,
  { subject, from, to, kinds, order }: TimelineQuestion,
  token?: string,
): Promise<TimelinePage> {
  const { LineSet, PaginationToken, IsLast } = await client.call('DescribeTimeline', {
    ResourceId: subject,
    ...(from === undefined ? {} : { From: new Date(from).toISOString() }),
    ...(to === undefined ? {} : { To: new Date(to).toISOString() }),
    ...(kinds === undefined ? {} : { Kinds: [...kinds] }),
    Order: order,
    Limit: linesOfPage,
    ...(token === undefined ? {} : { PaginationToken: token }),
  });
  return { lines: LineSet, token: PaginationToken, isLast: IsLast };
}
