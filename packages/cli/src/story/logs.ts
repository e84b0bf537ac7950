import type { IdPrefix } from '@landbridge/catalogue/schema/request-schemas';
import { idNamed, lookingAt } from '../action/resolve-names.ts';
import { PatientClient } from '../calls.ts';
import { adminEndpoint, type EndpointOptions } from '../endpoint.ts';
import { printLines } from '../output/print.ts';
import { repeatedly } from '../output/repeatedly.ts';
import { clockTime, lineText } from './line-text.ts';
import { readSince } from './moment.ts';
import { timelinePage, type TimelineLine, type TimelineQuestion } from './timeline.ts';
import { namesIn } from './tunnel-names.ts';

export interface LogsOptions extends EndpointOptions {
  readonly since: string;
  readonly follow?: boolean;
  readonly kinds?: string;
  readonly region?: string;
  readonly json?: boolean;
}

const againMs = 1000;
/** What DescribeTimeline tells of, besides the host. */
const subjects: readonly IdPrefix[] = ['vpnx', 'vpngw', 'vpc', 'ccn', 'dcg'];

/** `landbridge logs NAME|ID`: the lines of its timeline, the oldest first; `--follow` goes on as they come. */
export async function logs(typed: string, options: LogsOptions): Promise<void> {
  const now = new Date();
  const from = readSince('--since', options.since, now);
  const endpoint = await adminEndpoint(options, options.region);
  const client = new PatientClient(endpoint);
  const subject = typed === 'host' ? typed : await idNamed('logs', typed, subjects, lookingAt(endpoint));
  const kinds = options.kinds?.split(',') as TimelineLine['Kind'][] | undefined;
  const question: TimelineQuestion = {
    subject,
    from,
    order: 'oldest-first',
    ...(kinds === undefined ? {} : { kinds }),
  };
  const texts = async (lines: readonly TimelineLine[]) => {
    if (options.json === true) return lines.map((line) => JSON.stringify(line));
    const named = await namesIn(
      client,
      lines.flatMap((line) => [line.ResourceId, line.Text]),
    );
    return lines.flatMap((line) => {
      const [first = '', ...below] = lineText(line, subject, named);
      return [`${clockTime(Date.parse(line.Time), now.getTime())}  ${first}`, ...below];
    });
  };
  let token: string | undefined;
  const printNew = async () => {
    for (;;) {
      const page = await timelinePage(client, question, token);
      printLines(await texts(page.lines));
      token = page.token;
      if (page.isLast) return;
    }
  };
  await (options.follow === true ? repeatedly(printNew, againMs) : printNew());
}
