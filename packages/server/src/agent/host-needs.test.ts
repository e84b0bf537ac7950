import { expect, it } from 'vitest';
import { sampleUplink } from '../../testing/sample-network.ts';
import { sampleGatewayPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import type { NetnsPlan } from '../plan/plan.ts';
import { hostNeeds } from './host-needs.ts';

const ids = sampleIds('need', 1);
const vpc = sampleVpcPlan(ids);
const gateway = sampleGatewayPlan(ids);
const port = (vlanId: number | null): NetnsPlan => ({
  ...vpc,
  links: [{ kind: 'attached', name: 'eth1', addresses: [], hostInterface: 'eth1', vlanId, master: null }],
});
const watchOf = (probe: null | { readonly intervalMs: number }) =>
  [{ id: ids.tunnels[0]!, needsChildSa: true, probe, alternatives: [], hasOtherPath: false }] as never;

it('nothing but an uplink is needed where nothing uses more', () => {
  const nothing = { vlans: false, healthChecks: false };
  expect(hostNeeds(null, [])).toEqual({ uplink: null, ...nothing });
  expect(hostNeeds(sampleUplink, [port(null), { ...gateway, watches: watchOf(null) }])).toEqual({
    uplink: sampleUplink,
    ...nothing,
  });
});

it('VLANs are needed by a tagged interface, probes by a health check', () => {
  expect(hostNeeds(null, [port(null), port(7)]).vlans).toBe(true);
  expect(hostNeeds(null, [{ ...gateway, watches: watchOf({ intervalMs: 100 }) }]).healthChecks).toBe(true);
});
