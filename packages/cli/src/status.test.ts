import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import { describe, expect, it } from 'vitest';
import { renderCapacity, renderDrops, renderGateway, type TunnelHealth } from './status.ts';

const Children = [{ Name: 'a', Installed: true }];
const gateway = { VpnGatewayId: 'vpngw-1', Generation: 3, Applied: 3, Error: '', SourceCheck: true, Tunnels: [] };

describe('status', () => {
  it('says of a tunnel whose failed check withdrew its routes what the service says, and not that it is connected', () => {
    const tunnel = {
      ...{ VpnConnectionId: 'vpnx-1', State: 'check-failed', Reason: 'its probes are not answered', Children },
      Notes: [],
      NetStatus: 'AVAILABLE',
    };
    const noted = { ...tunnel, State: 'up', Reason: '', Notes: ['its policies are ignored'] };
    const lines = renderGateway({ ...gateway, Tunnels: [tunnel, noted] });
    expect(lines).toEqual([
      'vpngw-1  as wanted',
      '  vpnx-1  check-failed  its probes are not answered',
      '  vpnx-1  up',
      '  ! vpnx-1: its policies are ignored',
    ]);
  });

  it('shows the name of a tunnel, since when it is as it is, the proof with its age, and what is wrong and how to mend it', () => {
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000 - 500).toISOString();
    const tunnel = { VpnConnectionId: 'vpnx-1', State: 'up', Reason: '', Children, Notes: ['a note'] };
    const finding: WireFinding = {
      ...{ Code: 'selectors-narrowed', Severity: 'warning', Summary: 'It is narrower.', Ours: null, Theirs: null },
      ...{ Layer: 'policy', Field: 'SecurityPolicyDatabases', ResourceId: 'vpnx-1', Since: ago(9), Causes: [] },
      ...{ Evidence: [], FixHere: 'Do this.', FixThere: '' },
    };
    const health: TunnelHealth = {
      ...{ VpnConnectionId: 'vpnx-1', VpnConnectionName: 'office', VpnGatewayId: 'vpngw-1', FindingSet: [finding] },
      ...{ State: 'up', Reason: '', Since: ago(3723), Proof: 'a probe was answered', ProvenAt: ago(2) },
    };
    expect(renderGateway({ ...gateway, Tunnels: [tunnel] }, new Map([['vpnx-1', health]]))).toEqual([
      'vpngw-1  as wanted',
      '  vpnx-1  office  up  for 1 h 2 min, 2 s ago a probe was answered',
      '    warning selectors-narrowed: It is narrower.',
      '      here: Do this.',
    ]);
  });

  it('says what a gateway suffers from, what is not applied yet, and that its sources are not checked', () => {
    expect(renderGateway({ ...gateway, Error: 'charon does not answer' })).toEqual(['vpngw-1  charon does not answer']);
    expect(renderGateway({ ...gateway, Applied: 2 })).toEqual(['vpngw-1  being applied']);
    expect(renderGateway({ ...gateway, SourceCheck: false })).toEqual(['vpngw-1  as wanted  sources are not checked']);
  });

  it('names what holds packets: where, how many, why, and how much is not shown', () => {
    const drop = {
      ResourceId: 'vpnx-1',
      VpnGatewayId: 'vpngw-1',
      Reason: 'UNROUTED_SOURCE',
      Message: 'why',
      Packets: 7,
    };
    const ofVpc = { ...drop, ResourceId: 'vpc-1', VpnGatewayId: '', Reason: 'OUTSIDE_VPC', Packets: 1 };
    expect(renderDrops({ TotalCount: 12, DroppedPacketSet: [drop, ofVpc] })).toEqual([
      '- vpngw-1 vpnx-1 dropped 7 packets: why (UNROUTED_SOURCE)',
      '- vpc-1 dropped 1 packets: why (OUTSIDE_VPC)',
      '- and 10 more: DescribeDroppedPackets',
    ]);
    expect(renderDrops({ TotalCount: 0, DroppedPacketSet: [] })).toEqual([]);
  });

  it('tells how many more there may be and why, where that is known', () => {
    const VpnGateways = { More: 3, Reason: 'memory of the host: …' };
    expect(renderCapacity({ VpnGateways, VpnConnections: { More: null, Reason: '' } })).toEqual([
      'room for 3 more VPN gateways (memory of the host: …)',
    ]);
    expect(renderCapacity(null)).toEqual([]);
  });
});
