import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import { poll } from '@landbridge/testbed/poll';
import type { Cloud } from './cloud.ts';

/** What DescribeTunnelHealth says is wrong with a tunnel, the gravest first. */
export async function tunnelFindings(cloud: Cloud, connectionId: string): Promise<readonly WireFinding[]> {
  const reply = await cloud.call('DescribeTunnelHealth', { VpnConnectionIds: [connectionId] }, 'landbridge');
  const [health] = reply['TunnelHealthSet'] as readonly { readonly FindingSet: readonly WireFinding[] }[];
  return health?.FindingSet ?? [];
}

/** Waits for a finding of one kind. @param within milliseconds. */
export async function waitForFinding(
  cloud: Cloud,
  connectionId: string,
  code: string,
  within: number,
): Promise<WireFinding> {
  const isMeant = (finding: WireFinding) => finding.Code === code;
  const findings = await poll(
    `${connectionId} has the finding ${code}`,
    () => tunnelFindings(cloud, connectionId),
    (all) => all.some(isMeant),
    { within, every: 100 },
  );
  const found = findings.find(isMeant);
  if (found === undefined) throw new Error(`${code} is gone`);
  return found;
}
