import { expect, it } from 'vitest';
import { orderOf, usualForm } from './capture-order.ts';

const ResourceId = 'vpnx-00000001';

it('what is empty is left to the service', () => {
  const empty = { seconds: '', packets: ' ', mebibytes: '', snapLength: '' };
  expect(orderOf({ ...usualForm(ResourceId), ...empty, source: ' ' })).toEqual({ ResourceId });
});

it('what is given is sent as the service has it, and keys are asked for only where somebody wants them', () => {
  const form = {
    ...({ resourceId: 'vpngw-00000001', protocol: 'udp', source: ' 10.0.1.0/24 ', destination: '0.0.0.0/0' } as const),
    ...{ port: '4500', seconds: '5', packets: '7', mebibytes: '0.5', snapLength: '128', includesKeys: false },
  };
  const order = {
    ...{ ResourceId: 'vpngw-00000001', Protocol: 'udp', SourceCidr: '10.0.1.0/24', DestinationCidr: '0.0.0.0/0' },
    ...{ Port: 4500, MaxSeconds: 5, MaxPackets: 7, MaxBytes: 524_288, SnapLength: 128 },
  };
  expect(orderOf(form)).toEqual(order);
  expect(orderOf({ ...form, includesKeys: true })).toEqual({ ...order, IncludeKeys: true });
});

it('what is no number stays none, which no call lets through: nothing makes a capture wider', () => {
  const form = {
    ...usualForm(ResourceId),
    port: 'https',
    seconds: '1m',
    packets: 'all',
    mebibytes: '0,5',
    snapLength: '∞',
  };
  const order = { Port: NaN, MaxSeconds: NaN, MaxPackets: NaN, MaxBytes: NaN, SnapLength: NaN };
  expect(orderOf(form)).toEqual({ ResourceId, ...order });
});
