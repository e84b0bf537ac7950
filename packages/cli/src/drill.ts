import { idNamed, lookingAt } from './action/resolve-names.ts';
import { callsOf } from './calls.ts';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { drillLines, type DrillReply } from './output/drill-lines.ts';
import { printJson, printLines } from './output/print.ts';
import { secondsOf } from './seconds-of.ts';

interface DrillOptions extends EndpointOptions {
  readonly seconds?: string;
  readonly region?: string;
  readonly json?: boolean;
}

/**
 * `landbridge drill TUNNEL SUBNET ADDRESS`: takes the routes of a tunnel out for some seconds, and counts from the subnet what is lost
 * meanwhile. Ends with exit code 1 where the standby did not serve to the end.
 */
export async function drill(tunnel: string, subnet: string, address: string, options: DrillOptions): Promise<void> {
  const { seconds } = options;
  const endpoint = await adminEndpoint(options, options.region);
  const look = lookingAt(endpoint);
  const reply = await callsOf(endpoint)('DrillFailover', {
    VpnConnectionId: await idNamed('drill', tunnel, ['vpnx'], look),
    SourceSubnetId: await idNamed('drill', subnet, ['subnet'], look),
    DestinationAddress: address,
    ...(seconds !== undefined && { Seconds: secondsOf('seconds', seconds) }),
  });
  const answer = reply as unknown as DrillReply;
  if (options.json === true) printJson(answer);
  else printLines(drillLines(answer));
  if (answer.EndedEarly) process.exitCode = 1;
}
