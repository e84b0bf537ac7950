import { parseIpAddress } from '@landbridge/net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { completeQuotas } from '../../../domain/operator/quotas.ts';
import type { VpnConnection } from '../../../domain/vpn/vpn-connection.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel, tunnelRequest } from '../../../../testing/sample-resources.ts';

/** A VPN gateway whose tunnels use up 169.254.128.0/17, two blocks of four addresses each. They are rows: as calls they would take minutes. */
const tunnelsToFill = 4096;
let api: ApiHarness;
let VpnGatewayId: string;
let VpnConnectionId: `vpnx-${string}`;

beforeAll(async () => {
  const most = tunnelsToFill + 2;
  const quotas = { vpnConnectionsPerVpnGateway: most, vpnConnectionsPerCustomerGateway: most };
  api = await startHarness({ quotas: completeQuotas(quotas) });
  VpnGatewayId = await makeGateway(api, '');
  VpnConnectionId = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.1'));
  const tunnel = api.rows.vpnConnections.get(VpnConnectionId)!;
  await api.writer.decide((rows) => {
    for (let number = 0; number < tunnelsToFill; number++) rows.vpnConnections.insert(probing(tunnel, number));
  });
}, 120_000);
afterAll(() => api.close());

function probing(tunnel: VpnConnection, number: number): VpnConnection {
  const [localAddress, remoteAddress] = [addressOfBlock(2 * number), addressOfBlock(2 * number + 1)];
  return {
    ...tunnel,
    id: `vpnx-${number.toString(36).padStart(8, '0')}`,
    ifId: number + 2,
    healthCheck: { ...tunnel.healthCheck, enabled: true, localAddress, remoteAddress },
  };
}

function addressOfBlock(block: number) {
  return parseIpAddress(`169.254.${128 + (block >> 6)}.${(block & 63) * 4 + 1}`);
}

it('has no address left for another health check, however it is asked for', async () => {
  const { generation } = api.image;
  const tunnel = tunnelRequest(VpnGatewayId, await makePeer(api, '198.51.100.2'), { EnableHealthCheck: true });
  for (const [action, parameters] of [
    ['GenerateVpnConnectionDefaultHealthCheckIp', { VpnGatewayId }],
    ['CreateVpnConnection', tunnel],
    ['ModifyVpnConnectionAttribute', { VpnConnectionId, EnableHealthCheck: true }],
  ] as const) {
    const error = await api.fail(action, parameters);
    expect([action, error.Code]).toEqual([action, 'ResourceInsufficient']);
    expect(error.Message).toContain('169.254.128.0/17');
  }
  // The peer was made.
  expect(api.image.generation).toBe(generation + 1);
}, 120_000);
