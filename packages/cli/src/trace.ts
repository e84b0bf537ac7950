import type { IdPrefix } from '@landbridge/catalogue/schema/request-schemas';
import { idNamed, lookingAt, type Look } from './action/resolve-names.ts';
import { callsOf } from './calls.ts';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { printJson, printLines } from './output/print.ts';
import { traceLines, type TraceReply } from './output/trace-lines.ts';

interface TraceOptions extends EndpointOptions {
  readonly protocol?: string;
  readonly port?: string;
  readonly region?: string;
  readonly json?: boolean;
}

/** Where a packet may come from or go to. */
const places: readonly IdPrefix[] = ['subnet', 'vpnx', 'dcg'];

/**
 * `landbridge trace FROM TO`: the way of a packet and of its answer. Ends with exit code 1 where the packet is dropped, on whatever
 * way it may take.
 */
export async function trace(from: string, to: string, options: TraceOptions): Promise<void> {
  const { protocol, port, json = false } = options;
  const endpoint = await adminEndpoint(options, options.region);
  const look = lookingAt(endpoint);
  const reply = await callsOf(endpoint)('TracePath', {
    ...(await endParameters('Source', from, look)),
    ...(await endParameters('Destination', to, look)),
    ...(protocol === undefined ? {} : { Protocol: protocol }),
    ...(port === undefined ? {} : { Port: portOf(port) }),
  });
  const answer = reply as unknown as TraceReply;
  if (json) printJson(answer);
  else printLines(traceLines(answer));
  if (answer.Forward.Ways.some(({ End }) => End.Kind === 'dropped')) process.exitCode = 1;
}

async function endParameters(end: 'Source' | 'Destination', text: string, look: Look) {
  const { address, place } = endOf(text);
  if (place === undefined) return { [`${end}Address`]: address };
  return { [`${end}Address`]: address, [`${end}Id`]: await idNamed(text, place, places, look) };
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
