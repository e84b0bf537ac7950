import { expect, it } from 'vitest';
import { sampleCapacity, sampleRoom } from '../../testing/sample-capacity.ts';
import { hostRoom } from '../domain/operator/room-on-host.ts';
import { capacityCondition } from './capacity-condition.ts';

const well = { name: 'capacity', ok: true, message: '' };
const loaded = (vpnGateways: number, vpnConnections = 3) =>
  capacityCondition(hostRoom(sampleCapacity, { vpnGateways, vpnConnections }));

it('is ok while nothing is known, and while there is room', () => {
  expect(capacityCondition(null)).toEqual(well);
  expect(capacityCondition(sampleRoom)).toEqual(well);
  expect(loaded(4)).toEqual(well);
});

it('says what ends where there is room for none', () => {
  expect(loaded(5)).toEqual({
    ...{ name: 'capacity', ok: false },
    message:
      'this host carries no more VPN gateways: memory of the host: 767 MiB of 1024 MiB are taken, ' +
      '256 MiB are kept for everything else, and one more takes 26 MiB; give the host more memory',
  });
});

it('says so before, where there is room for fewer than a tenth of what there is', () => {
  const { resources, measured } = sampleCapacity;
  const room = (vpnGateways: number) =>
    hostRoom({ measuredAt: 0, resources, measured: { ...measured, vpnGateways } }, { ...measured, vpnGateways });
  expect(capacityCondition(room(39))).toEqual(well);
  expect(capacityCondition(room(40)).message).toMatch(/^this host carries only 3 more VPN gateways: memory/);
});

it('tells of gateways and of tunnels apart', () => {
  expect(loaded(4, 30).message).toMatch(
    /no more VPN gateways: memory of the host: .*; .*; this host carries no more tunnels: tracked connections/,
  );
});
