import { idNamed, lookingAt } from './action/resolve-names.ts';
import { callsOf } from './calls.ts';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { printJson, printLines } from './output/print.ts';
import { saLines, type SasReply } from './output/sa-lines.ts';

interface SasOptions extends EndpointOptions {
  readonly region?: string;
  readonly json?: boolean;
}

/** `landbridge sas NAME|vpnx-…`: the IKE_SAs and CHILD_SAs of a tunnel as they are now. */
export async function sas(typed: string, options: SasOptions): Promise<void> {
  const endpoint = await adminEndpoint(options, options.region);
  const VpnConnectionId = await idNamed('sas', typed, ['vpnx'], lookingAt(endpoint));
  const reply = (await callsOf(endpoint)('DescribeTunnelSas', { VpnConnectionId })) as unknown as SasReply;
  if (options.json === true) printJson(reply);
  else printLines(saLines(reply));
}
