import { completeQuotas, type Quotas } from '@landbridge/server/domain/operator/quotas';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import { makeGateway, makePeer, makeTunnel, makeVpc } from '@landbridge/server/testing/sample-resources';

const gateways = 10;

/** With which there is room for so many. */
export function quotasFor(tunnels: number): Quotas {
  const peers = tunnels / gateways;
  return completeQuotas({ customerGateways: peers, vpnConnectionsPerVpnGateway: peers });
}

/** Ten gateways of one VPC with tunnels to the same peers, `site-0` and on: of fifty one is refused by its peer, the others are connected. */
export async function seedTunnels(api: ApiHarness, tunnels: number): Promise<void> {
  const vpc = await makeVpc(api);
  const peers: string[] = [];
  for (let n = 0; n < tunnels / gateways; n++) {
    peers.push(await makePeer(api, `198.51.${100 + Math.floor(n / 200)}.${1 + (n % 200)}`));
  }
  for (let g = 0; g < gateways; g++) {
    const gateway = await makeGateway(api, vpc, { VpnGatewayName: `gateway ${g}` });
    for (const [n, peer] of peers.entries()) {
      const id = await makeTunnel(api, gateway, peer, { VpnConnectionName: `site-${g * peers.length + n}` });
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
