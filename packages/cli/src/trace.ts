import { allActions } from '@landbridge/catalogue/services';
import { callAction } from '@landbridge/client';
import { resolveNames, type Look } from './action/resolve-names.ts';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { traceLines, type TraceReply } from './output/trace-lines.ts';

interface TraceOptions extends EndpointOptions {
  readonly protocol?: string;
  readonly port?: string;
  readonly region?: string;
  readonly output: string;
}

/**
 * `landbridge trace FROM TO`: the way of a packet and of its answer. Ends with exit code 1 where the packet is dropped, on whatever
 * way it may take.
 */
export async function trace(from: string, to: string, options: TraceOptions): Promise<void> {
  if (!['text', 'json'].includes(options.output)) throw new Error(`--output is text or json, not ${options.output}`);
  const endpoint = await adminEndpoint(options, options.region);
  const look: Look = (action, parameters, region) =>
    callAction(region === undefined ? endpoint : { ...endpoint, region }, 'vpc', action, parameters);
  const parameters = parametersOf(from, to, options);
  await resolveNames(parameters, tracePath(), look);
  const reply = await callAction(endpoint, 'landbridge', 'TracePath', parameters);
  const answer = reply as unknown as TraceReply;
  const text = options.output === 'json' ? JSON.stringify(answer, null, 2) : traceLines(answer).join('\n');
  process.stdout.write(`${text}\n`);
  if (answer.Forward.Ways.some(({ End }) => End.Kind === 'dropped')) process.exitCode = 1;
}

function parametersOf(from: string, to: string, { protocol, port }: TraceOptions): Record<string, unknown> {
  const [source, destination] = [endOf(from), endOf(to)];
  return {
    SourceAddress: source.address,
    ...(source.place === undefined ? {} : { SourceId: source.place }),
    DestinationAddress: destination.address,
    ...(destination.place === undefined ? {} : { DestinationId: destination.place }),
    ...(protocol === undefined ? {} : { Protocol: protocol }),
    ...(port === undefined ? {} : { Port: portOf(port) }),
  };
}

/** `ADDRESS` or `ADDRESS@PLACE`. */
export function endOf(text: string): { readonly address: string; readonly place: string | undefined } {
  const at = text.indexOf('@');
  return at < 0 ? { address: text, place: undefined } : { address: text.slice(0, at), place: text.slice(at + 1) };
}

function portOf(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text) || Number(text) > 65_535)
    throw new Error(`--port is a number from 1 to 65535, not ${text}`);
  return Number(text);
}

function tracePath() {
  const action = allActions.find(({ name }) => name === 'TracePath');
  if (action === undefined) throw new Error('the catalogue has no TracePath');
  return action;
}
