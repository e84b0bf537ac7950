import { completeQuotas } from '@landbridge/server/domain/operator/quotas';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import { makeGateway, makePeer, makeTunnel, makeVpc } from '@landbridge/server/testing/sample-resources';

/** Tunnels of one gateway, each to a peer of its own. */
const tunnelsPerGateway = 100;

/** With which there is room for a hundred such gateways. */
export const quotasForMany = completeQuotas({
  ...{ vpcVpnGateways: 100, customerGateways: tunnelsPerGateway },
  ...{ vpnConnectionsPerVpnGateway: tunnelsPerGateway, vpnConnectionsPerCustomerGateway: 100 },
});

/** Gateways of one VPC with a hundred tunnels each, `site-0` and on: two of them refused by their peers, the others connected. */
export async function seedTunnels(api: ApiHarness, gateways: number): Promise<void> {
  const vpc = await makeVpc(api);
  const peers: string[] = [];
  for (let n = 0; n < tunnelsPerGateway; n++) peers.push(await makePeer(api, `198.51.100.${n + 1}`));
  for (let g = 0; g < gateways; g++) {
    const gateway = await makeGateway(api, vpc, { VpnGatewayName: `gateway ${g}` });
    for (const [n, peer] of peers.entries()) {
      const id = await makeTunnel(api, gateway, peer, { VpnConnectionName: `site-${g * tunnelsPerGateway + n}` });
      if (n % 50 === 0) refuse(api, id);
      else api.connect(id);
    }
  }
}

/** Plays charon: the peer refuses. */
function refuse(api: ApiHarness, id: `vpnx-${string}`): void {
  const changedAt = api.clock.now();
  const lastError = 'the peer accepts none of our proposals';
  api.observed.recordSas(id, {
    ...{ ikeEstablished: false, children: { [id]: false }, connected: false, lastError, changedAt },
  });
  const finding = { object: id, code: 'ike-dh-group-differs', ours: 'GROUP14', theirs: 'GROUP2' } as const;
  api.observed.recordFindings(id, 'negotiation', [{ ...finding, evidence: ['NO_PROPOSAL_CHOSEN'], since: changedAt }]);
}
