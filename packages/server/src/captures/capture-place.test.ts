import { describe, expect, it } from 'vitest';
import { sampleGatewayPlan, sampleHostPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import type { CapturedId } from '../domain/operator/packet-capture.ts';
import { capturePlace } from './capture-place.ts';

const ids = sampleIds('capt', 1);
const [tunnel = 'vpnx-none0000'] = ids.tunnels;
const plans = [sampleHostPlan(ids), sampleVpcPlan(ids), sampleGatewayPlan(ids)];
const placeOf = (id: string) => capturePlace(id as CapturedId, plans);

describe('packets are captured', () => {
  it('in clear at a tunnel’s own device, and a subnet’s', () => {
    const sas = { gatewayId: ids.gateway, ifId: 1 };
    expect(placeOf(tunnel)).toEqual({ netns: `lb-${ids.gateway}`, device: tunnel, ownAddress: null, sas });
    expect(placeOf(ids.subnet)).toEqual({ netns: `lb-${ids.vpc}`, device: ids.subnet, ownAddress: null, sas: null });
  });

  it('at an uplink, which may be everybody’s, of the gateway’s own address alone', () => {
    const sas = { gatewayId: ids.gateway, ifId: null };
    expect(placeOf(ids.gateway)).toEqual({
      ...{ netns: `lb-${ids.gateway}`, device: 'wan', ownAddress: '203.0.113.1', sas },
    });
  });

  it('nowhere else: not where no plan has it, nor at other devices, nor in the host', () => {
    for (const id of ['vpnx-00000000', 'vpngw-00000000', 'subnet-00000000', 'host', 'wan', 'lo', ids.vpc]) {
      expect(placeOf(id)).toBeUndefined();
    }
    expect(capturePlace(ids.gateway, [sampleHostPlan(ids)])).toBeUndefined();
    expect(capturePlace(tunnel, [{ ...sampleGatewayPlan(ids), key: 'host' }])).toBeUndefined();
  });
});
