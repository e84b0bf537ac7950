import { Client } from '@landbridge/client/client';
import { adminEndpoint, type EndpointOptions } from '../endpoint.ts';
import { readMoment } from './moment.ts';
import { readStory } from './read-story.ts';
import { tellStory } from './tell-story.ts';
import { readTextFormat } from './text-format.ts';
import { namesIn, subjectNamed } from './tunnel-names.ts';

export interface WhyOptions extends EndpointOptions {
  readonly at?: string;
  readonly region?: string;
  readonly output: string;
}

/** `landbridge why NAME|vpnx-…`: how the tunnel is or was, since when, what led to it, what was tried, and when it came back. */
export async function why(typed: string, options: WhyOptions): Promise<void> {
  const format = readTextFormat(options.output);
  const now = new Date();
  const moment = options.at === undefined ? null : readMoment('--at', options.at, now);
  const endpoint = await adminEndpoint(options, options.region);
  const id = await subjectNamed(endpoint, typed);
  if (!id.startsWith('vpnx-')) throw new Error(`${id} is no tunnel; landbridge logs ${id} tells what happened to it`);
  const story = await readStory(new Client(endpoint), id as `vpnx-${string}`, moment, now.getTime());
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify(story, null, 2)}\n`);
    return;
  }
  const texts = [...story.before, ...story.tried, ...(story.state === null ? [] : [story.state])].map(
    ({ Text }) => Text,
  );
  const named = await namesIn(endpoint, [id, ...texts]);
  process.stdout.write(`${tellStory(story, named).join('\n')}\n`);
}
