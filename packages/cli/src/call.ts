import { serviceVersions, type ServiceName } from '@landbridge/catalogue/service-versions';
import { callAction, type JsonObject } from '@landbridge/client';
import { textSources } from './action/text-sources.ts';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { printJson } from './output/print.ts';

interface CallOptions extends EndpointOptions {
  readonly service: string;
  readonly region?: string;
}

/** `landbridge call ACTION ['{…}' | @FILE | -]`: prints the Response as JSON; an error answer ends with exit code 1. */
export async function call(action: string, parameters: string | undefined, options: CallOptions): Promise<void> {
  const endpoint = await adminEndpoint(options, options.region);
  const given = parseParameters(await textOf(parameters));
  const response = await callAction(endpoint, parseService(options.service), action, given);
  printJson(response);
}

/** What may hold a secret stands in a file, or comes from standard input. */
async function textOf(parameters = '{}'): Promise<string> {
  const { file, standardInput } = textSources({ input: process.stdin, output: process.stdout });
  if (parameters === '-') return standardInput();
  return parameters.startsWith('@') ? file(parameters.slice(1)) : parameters;
}

function parseService(name: string): ServiceName {
  if (name in serviceVersions) return name as ServiceName;
  throw new Error(`--service must be one of ${Object.keys(serviceVersions).join(', ')}, not ${name}`);
}

function parseParameters(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Neither the text nor what the parser says of it: a key may be in there.
    throw new Error('the parameters are not JSON');
  }
  throw new Error('the parameters must be a JSON object');
}
