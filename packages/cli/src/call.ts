import { serviceVersions, type ServiceName } from '@landbridge/catalogue/service-versions';
import { callAction, type JsonObject } from '@landbridge/client';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';

interface CallOptions extends EndpointOptions {
  readonly service: string;
  readonly region?: string;
}

/** `landbridge call ACTION ['{…}']`: prints the Response as JSON; an error answer ends with exit code 1. */
export async function call(action: string, parameters: string | undefined, options: CallOptions): Promise<void> {
  const endpoint = await adminEndpoint(options, options.region);
  const response = await callAction(endpoint, parseService(options.service), action, parseParameters(parameters));
  process.stdout.write(`${JSON.stringify(response, null, 2)}\n`);
}

function parseService(name: string): ServiceName {
  if (name in serviceVersions) return name as ServiceName;
  throw new Error(`--service must be one of ${Object.keys(serviceVersions).join(', ')}, not ${name}`);
}

function parseParameters(text = '{}'): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (cause) {
    throw new Error(`the parameters are not JSON: ${text}`, { cause });
  }
  throw new Error(`the parameters must be a JSON object, not ${text}`);
}
