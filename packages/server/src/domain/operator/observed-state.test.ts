import { expect, test } from 'vitest';
import type { SaObservation } from './observation.ts';
import { ObservedState } from './observed-state.ts';

const id = 'vpnx-tunnel01';
const sas: SaObservation = { ikeEstablished: true, children: {}, connected: true, lastError: null, changedAt: 0 };
const usability = { fault: 'probe', healthCheck: null } as const;

test('the parts of an observation come and go without each other', () => {
  const observed = new ObservedState();
  expect(observed.tunnel(id)).toEqual({ id, sas: null, usability: null });
  observed.recordSas(id, sas);
  observed.recordUsability(id, usability);
  expect(observed.tunnel(id)).toEqual({ id, sas, usability });
  observed.recordSas(id, null);
  expect(observed.tunnel(id)).toEqual({ id, sas: null, usability });
  observed.recordSas(id, sas);
  observed.recordUsability(id, null);
  expect(observed.tunnels()).toEqual([{ id, sas, usability: null }]);
  observed.recordSas(id, null);
  expect(observed.tunnels()).toEqual([]);
});

test('who listens hears of a tunnel that became usable or unusable, and of nothing else', () => {
  const observed = new ObservedState();
  const heard: boolean[] = [];
  observed.onUsability((changed) => heard.push(observed.isUsable(changed)));
  observed.recordSas(id, sas);
  observed.recordUsability(id, { ...usability, fault: null });
  expect(heard).toEqual([]);
  observed.recordUsability(id, usability);
  observed.recordUsability(id, { ...usability, fault: 'hold-down' });
  observed.recordSas(id, { ...sas, connected: false });
  expect(heard).toEqual([false]);
  observed.recordUsability(id, null);
  expect(heard).toEqual([false, true]);
});
