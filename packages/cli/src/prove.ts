import { idNamed, lookingAt, type Look } from './action/resolve-names.ts';
import { callsOf } from './calls.ts';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { printJson, printLines } from './output/print.ts';
import { proofLines, type ProofReply } from './output/proof-lines.ts';

interface ProveOptions extends EndpointOptions {
  readonly region?: string;
  readonly json?: boolean;
}

/**
 * `landbridge prove SUBNET TO`: sends packets from the subnet to another one, or to an address. Ends with exit code 1 where none was
 * answered.
 */
export async function prove(from: string, to: string, options: ProveOptions): Promise<void> {
  const endpoint = await adminEndpoint(options, options.region);
  const look = lookingAt(endpoint);
  const reply = await callsOf(endpoint)('ProvePath', {
    SourceSubnetId: await idNamed('prove', from, ['subnet'], look),
    ...(await targetOf(to, look)),
  });
  const answer = reply as unknown as ProofReply;
  if (options.json === true) printJson(answer);
  else printLines(proofLines(answer));
  if (answer.Answered === 0) process.exitCode = 1;
}

async function targetOf(to: string, look: Look) {
  if (/^[\d.]+$/.test(to)) return { DestinationAddress: to };
  return { DestinationSubnetId: await idNamed('prove', to, ['subnet'], look) };
}
