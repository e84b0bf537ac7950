import { expect, test } from 'vitest';
import type { Finding } from '../diagnosis/finding.ts';
import type { SaObservation } from './observation.ts';
import { ObservedState } from './observed-state.ts';

const id = 'vpnx-tunnel01';
const sas: SaObservation = { ikeEstablished: true, children: {}, connected: true, lastError: null, changedAt: 0 };
const usability = { fault: 'probe', healthCheck: null } as const;

test('the parts of an observation come and go without each other', () => {
  const observed = new ObservedState();
  expect(observed.tunnel(id)).toEqual({ id, sas: null, usability: null, traffic: null, findings: [] });
  observed.recordSas(id, sas);
  observed.recordUsability(id, usability);
  expect(observed.tunnel(id)).toEqual({ id, sas, usability, traffic: null, findings: [] });
  observed.recordSas(id, null);
  expect(observed.tunnel(id)).toEqual({ id, sas: null, usability, traffic: null, findings: [] });
  observed.recordSas(id, sas);
  observed.recordUsability(id, null);
  expect(observed.tunnels()).toEqual([{ id, sas, usability: null, traffic: null, findings: [] }]);
  observed.recordSas(id, null);
  expect(observed.tunnels()).toEqual([]);
});

test('who finds replaces what it found before, and nothing that another found', () => {
  const observed = new ObservedState();
  const found = (ours: string): Finding => ({
    ...{ code: 'pre-shared-key-differs', object: id, ours, theirs: null, evidence: [], since: 0 },
  });
  observed.recordFindings(id, 'negotiation', [found('a')]);
  observed.recordFindings(id, 'data-plane', [found('b'), found('c')]);
  observed.recordFindings(id, 'negotiation', [found('d')]);
  expect(observed.tunnel(id).findings.map(({ ours }) => ours)).toEqual(['d', 'b', 'c']);
  observed.recordFindings(id, 'data-plane', []);
  expect(observed.tunnel(id).findings.map(({ ours }) => ours)).toEqual(['d']);
  observed.recordFindings(id, 'negotiation', []);
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
