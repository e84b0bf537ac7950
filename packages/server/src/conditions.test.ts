import { expect, it } from 'vitest';
import { conditionsOf } from './conditions.ts';
import { loadSettings } from './config/load-settings.ts';
import { ObservedState } from './domain/observed-state.ts';

const stretched = { intervalMs: 250, wantedMs: 100 };

it.each([
  ['available', { intervalMs: 100, wantedMs: 100 }, true, /^$/],
  ['available', stretched, false, /^it is probed every 250 ms instead of 100/],
  ['unknown', stretched, false, /^no probe was answered yet.*; it is probed every 250 ms/],
] as const)('says once of each health check how it is: %s, %o', (probe, schedule, ok, message) => {
  const observed = new ObservedState();
  observed.recordTunnel({ id: 'vpnx-tunnel01', fault: null, probe, probes: null, schedule });
  observed.recordTunnel({ id: 'vpnx-tunnel02', fault: null, probe: null, probes: null, schedule: null });
  const checks = conditionsOf(loadSettings({}), observed, 0).filter(({ name }) => name.endsWith('health check'));
  const name = 'vpnx-tunnel01 health check';
  expect(checks).toEqual([{ name, ok, message: expect.stringMatching(message) as string }]);
});
