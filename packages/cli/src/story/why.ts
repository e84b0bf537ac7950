import { idNamed, lookingAt } from '../action/resolve-names.ts';
import { PatientClient } from '../calls.ts';
import { adminEndpoint, type EndpointOptions } from '../endpoint.ts';
import { printJson, printLines } from '../output/print.ts';
import { readMoment } from './moment.ts';
import { readStory } from './read-story.ts';
import { tellStory } from './tell-story.ts';
import { namesIn } from './tunnel-names.ts';

export interface WhyOptions extends EndpointOptions {
  readonly at?: string;
  readonly region?: string;
  readonly json?: boolean;
}

/** `landbridge why NAME|vpnx-…`: how the tunnel is or was, since when, what led to it, what was tried, and when it came back. */
export async function why(typed: string, options: WhyOptions): Promise<void> {
  const now = new Date();
  const moment = options.at === undefined ? null : readMoment('--at', options.at, now);
  const endpoint = await adminEndpoint(options, options.region);
  const id = await idNamed('why', typed, ['vpnx'], lookingAt(endpoint));
  if (!id.startsWith('vpnx-')) throw new Error(`${id} is no tunnel; landbridge logs ${id} tells what happened to it`);
  const client = new PatientClient(endpoint);
  const story = await readStory(client, id as `vpnx-${string}`, moment, now.getTime());
  if (options.json === true) {
    printJson(story);
    return;
  }
  const lines = [...story.before, ...story.tried, ...(story.state === null ? [] : [story.state])];
  const named = await namesIn(client, [id, ...lines.map(({ Text }) => Text)]);
  printLines(tellStory(story, named));
}
