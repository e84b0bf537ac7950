import { expect, it } from 'vitest';
import { rowsOf } from '../../testing/image-of.ts';
import { sampleConnection, sampleUplink } from '../../testing/sample-network.ts';
import type { SubnetInterface } from '../domain/vpc/subnet.ts';
import { hostNeeds } from './host-needs.ts';

const port = (vlanId: number | null): SubnetInterface => ({
  ...{ accountId: '100000000001', subnetId: 'subnet-00000001', vpcId: 'vpc-00000001', createdAt: 0 },
  ...{ interfaceName: 'eth1', vlanId },
});

it('nothing but an uplink is needed where nothing uses more', () => {
  const nothing = { vlans: false, healthChecks: false };
  expect(hostNeeds(null, rowsOf({}))).toEqual({ uplink: null, ...nothing });
  expect(hostNeeds(sampleUplink, rowsOf({ subnetInterfaces: [port(null)] }))).toEqual({
    uplink: sampleUplink,
    ...nothing,
  });
});

it('VLANs are needed by a tagged interface, probes by a health check', () => {
  expect(hostNeeds(null, rowsOf({ subnetInterfaces: [port(null), port(7)] })).vlans).toBe(true);
  const off = sampleConnection(1);
  const on = sampleConnection(2, [], { healthCheck: { ...off.healthCheck, enabled: true } });
  expect(hostNeeds(null, rowsOf({ vpnConnections: [off] })).healthChecks).toBe(false);
  expect(hostNeeds(null, rowsOf({ vpnConnections: [off, on] })).healthChecks).toBe(true);
});
