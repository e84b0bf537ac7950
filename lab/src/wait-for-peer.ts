import { poll } from '@landbridge/testbed/poll';
import type { Cloud } from './cloud.ts';
import type { IdcConnection } from './idc-connection.ts';

/** From now on the gateway waits for the peer, and nothing is there: what comes next was begun by the peer. */
export async function waitForPeer(
  cloud: Cloud,
  gatewayId: string,
  { connectionId, idc }: IdcConnection,
): Promise<void> {
  await cloud.modifyVpnConnection(connectionId, { NegotiationType: 'passive' });
  await cloud.waitUntilApplied(gatewayId);
  await cloud.resetVpnConnection(gatewayId, connectionId);
  await cloud.waitUntilDown(connectionId);
  const sas = async (): Promise<string> => {
    await idc.charon.terminate('cloud').catch(() => undefined);
    return idc.charon.listSas();
  };
  await poll('the peer has no IKE_SA', sas, (text) => !text.includes('ESTABLISHED'), { within: 10_000 });
}
