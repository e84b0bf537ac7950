import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type { tunnelHealthActions, WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import { poll } from '@landbridge/testbed/poll';
import type { Cloud } from './cloud.ts';

/** What DescribeTunnelHealth tells of a tunnel; the gravest finding is the first. */
export type TunnelHealth = ResponseOf<typeof tunnelHealthActions.DescribeTunnelHealth>['TunnelHealthSet'][number];

/** Throws where there is no such tunnel. */
export async function tunnelHealth(cloud: Cloud, connectionId: string): Promise<TunnelHealth> {
  const reply = await cloud.call('DescribeTunnelHealth', { VpnConnectionIds: [connectionId] }, 'landbridge');
  const [health] = reply['TunnelHealthSet'] as readonly TunnelHealth[];
  if (health === undefined) throw new Error(`nothing is known of ${connectionId}`);
  return health;
}

/** Waits for a finding of one kind. @param within milliseconds. */
export async function waitForFinding(
  cloud: Cloud,
  connectionId: string,
  code: string,
  within: number,
): Promise<WireFinding> {
  const isMeant = (finding: WireFinding) => finding.Code === code;
  const { FindingSet } = await poll(
    `${connectionId} has the finding ${code}`,
    () => tunnelHealth(cloud, connectionId),
    (health) => health.FindingSet.some(isMeant),
    { within, every: 100 },
  );
  const found = FindingSet.find(isMeant);
  if (found === undefined) throw new Error(`${code} is gone`);
  return found;
}
