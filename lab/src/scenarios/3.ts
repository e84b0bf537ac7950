import { connectThreeIdcs } from '../ccn.ts';
import type { CreatedGateway } from '../cloud.ts';
import { connectIdc, type IdcConnection } from '../idc-connection.ts';
import type { BuiltScenario, Scenario } from '../scenario.ts';
import { idcRanges } from './several-idcs.ts';

export interface Three extends BuiltScenario {
  readonly gateway: CreatedGateway;
  readonly tunnels: readonly [IdcConnection, IdcConnection, IdcConnection];
}

/** Scenario 3: GW(CCN) without a CCN; TUN-ROUTE ×3; GWROUTE ×3. No VPC: the gateway forwards from tunnel to tunnel. */
export const three: Scenario<Three> = {
  name: '3',
  title: 'three IDCs through one gateway, no cloud network',
  expected: {
    'IDC-1': { 'IDC-2': 'yes', 'IDC-3': 'yes' },
    'IDC-2': { 'IDC-1': 'yes', 'IDC-3': 'yes' },
    'IDC-3': { 'IDC-1': 'yes', 'IDC-2': 'yes' },
  },

  async build(tenant) {
    tenant.progress('IDC-1, IDC-2, IDC-3, and a VPN gateway of type CCN that joins nothing');
    const gateway = await tenant.cloud.createVpnGateway('', 'ccn-gateway');
    const tunnels = await connectThreeIdcs(tenant, async (idc) => {
      const cloudRanges = idcRanges.filter((range) => range !== idc.lan);
      const tunnel = await connectIdc(tenant, { gateway, vpcId: '', idc, cloudRanges });
      await tenant.cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
      return tunnel;
    });
    return { gateway, tunnels, hosts: tunnels.map(({ idc }) => idc.host) };
  },
};
