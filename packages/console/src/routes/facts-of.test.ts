import { expect, it } from 'vitest';
import { factsOf } from './facts-of.ts';
import type { Status } from './read-routes.ts';

type Gateway = NonNullable<ReturnType<Status['get']>>;
type Tunnel = Gateway['Tunnels'][number];

const seen = { ChangedAt: '2026-11-22 20:00:00', Usable: true, Fault: '', NetStatus: 'AVAILABLE', Children: [] };
const tunnel = (VpnConnectionId: string, more: object = {}) =>
  ({ VpnConnectionId, ...seen, ...more }) as unknown as Tunnel;
const status = (Tunnels: readonly Tunnel[], more: object = {}): Status =>
  new Map([['vpngw-1', { Generation: 5, Applied: 5, Error: '', Tunnels, ...more } as unknown as Gateway]]);

it('knows nothing before it was told, nor of what was not seen', () => {
  const none = factsOf(null, false);
  expect([none.isAgentHeard, none.faultOf('vpnx-1'), none.policyFaultOf('vpnx-1'), none.isApplied('vpngw-1')]).toEqual([
    ...[false, undefined, undefined, undefined],
  ]);
  const facts = factsOf(status([tunnel('vpnx-1', { ChangedAt: '' })]), true);
  expect([facts.isAgentHeard, facts.faultOf('vpnx-1'), facts.policyFaultOf('vpnx-1'), facts.faultOf('vpnx-2')]).toEqual(
    [...[true, undefined, undefined, undefined]],
  );
});

it('takes whether the routes of a tunnel are used as it is told', () => {
  const facts = factsOf(status([tunnel('vpnx-1'), tunnel('vpnx-2', { Usable: false, Fault: 'probe' })]), true);
  expect([facts.faultOf('vpnx-1'), facts.faultOf('vpnx-2')]).toEqual([null, 'probe']);
});

it('looks at the CHILD_SAs of a tunnel with policies, which nobody judges', () => {
  const children = (...installed: readonly boolean[]) => ({
    NetStatus: installed.every(Boolean) ? 'AVAILABLE' : 'UNAVAILABLE',
    Children: installed.map((Installed, index) => ({ Name: String(index), Installed })),
  });
  const facts = factsOf(
    status([
      tunnel('vpnx-1', children(true, true)),
      tunnel('vpnx-2', children(true, false)),
      tunnel('vpnx-3', children(false, false)),
    ]),
    true,
  );
  expect(['vpnx-1', 'vpnx-2', 'vpnx-3'].map(facts.policyFaultOf)).toEqual([null, 'partly', 'no-child-sa']);
});

it('knows whether the newest plan of a gateway is in force', () => {
  const applied = (more: object) => factsOf(status([], more), true).isApplied('vpngw-1');
  expect([applied({}), applied({ Applied: 6 }), applied({ Applied: 4 }), applied({ Error: 'no device' })]).toEqual([
    ...[true, true, false, false],
  ]);
});
