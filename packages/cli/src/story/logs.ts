import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@landbridge/client/client';
import { adminEndpoint, type EndpointOptions } from '../endpoint.ts';
import { clockTime, lineText } from './line-text.ts';
import { readSince } from './moment.ts';
import { readTextFormat } from './text-format.ts';
import { timelinePage, type TimelineLine, type TimelineQuestion } from './timeline.ts';
import { namesIn, subjectNamed } from './tunnel-names.ts';

export interface LogsOptions extends EndpointOptions {
  readonly since: string;
  readonly follow?: boolean;
  readonly kinds?: string;
  readonly region?: string;
  readonly output: string;
}

const againMs = 1000;

/** `landbridge logs NAME|ID`: the lines of its timeline, the oldest first; `--follow` goes on as they come. */
export async function logs(typed: string, options: LogsOptions): Promise<void> {
  const format = readTextFormat(options.output);
  const now = new Date();
  const from = readSince('--since', options.since, now);
  const endpoint = await adminEndpoint(options, options.region);
  const client = new Client(endpoint);
  const subject = await subjectNamed(endpoint, typed);
  const kinds = options.kinds?.split(',') as TimelineLine['Kind'][] | undefined;
  const question: TimelineQuestion = {
    subject,
    from,
    order: 'oldest-first',
    ...(kinds === undefined ? {} : { kinds }),
  };
  const print = async (lines: readonly TimelineLine[]) => {
    const named =
      format === 'json'
        ? undefined
        : await namesIn(
            endpoint,
            lines.flatMap((line) => [line.ResourceId, line.Text]),
          );
    for (const line of lines) {
      const at = Date.parse(line.Time);
      const text =
        named === undefined
          ? JSON.stringify(line)
          : `${clockTime(at, now.getTime())}  ${lineText(line, subject, named).join('\n')}`;
      process.stdout.write(`${text}\n`);
    }
  };
  let token: string | undefined;
  for (;;) {
    const page = await timelinePage(client, question, token);
    token = page.token;
    await print(page.lines);
    if (!page.isLast) continue;
    if (options.follow !== true) return;
    await delay(againMs);
  }
}
