import { describe, expect, it } from 'vitest';
import { addressOf, rangeOf } from '../ranges/range.ts';
import type { Route } from './route.ts';
import { usesFor, usesOf, type Facts, type Fault, type Use } from './use-of.ts';

const allIsWell: Facts = {
  ...{ isAgentHeard: true, faultOf: () => null, policyFaultOf: () => null, isApplied: () => true },
};
const withFaults = (faults: Readonly<Record<string, Fault | undefined>>): Facts => ({
  ...allIsWell,
  faultOf: (tunnel) => (Object.hasOwn(faults, tunnel) ? faults[tunnel] : null),
});

/** Of a gateway's table, into a tunnel. */
function route(destination: string, more: Partial<Route> = {}): Route {
  const range = rangeOf(destination);
  if (range === null) throw new Error(`${destination} is no range`);
  const tunnel = more.tunnel === undefined ? 'vpnx-1' : more.tunnel;
  return {
    ...{ key: `${destination} ${tunnel ?? ''}`, destination, range, hop: tunnel ?? '', priority: 0, order: 1 },
    ...{ holder: { kind: 'vpn-gateway', id: 'vpngw-1', name: 'edge' }, obstacle: null, tunnel, gateway: 'vpngw-1' },
    ...{ isUnseen: false, note: '' },
    ...more,
  };
}

/** `used`, `unused longer`, `unknown agent`. */
function told(use: Use | undefined): string {
  if (use === undefined) return 'nothing';
  if (use.is === 'used') return 'used';
  return use.is === 'unknown' ? `unknown ${use.why}` : `unused ${use.why.kind}`;
}

function uses(routes: readonly Route[], facts = allIsWell): string[] {
  const found = usesOf(routes, facts);
  return routes.map((each) => told(found.get(each)));
}

describe('a route alone', () => {
  it('is used where nothing is in its way', () => {
    expect(uses([route('192.168.1.0/24')])).toEqual(['used']);
  });

  it('is not used because of what the Actions say of it, whoever is heard', () => {
    const disabled = route('192.168.1.0/24', { obstacle: { kind: 'disabled' } });
    expect(uses([disabled], { ...allIsWell, isAgentHeard: false })).toEqual(['unused disabled']);
  });

  it('is not used while its tunnel is not usable, and says why', () => {
    for (const fault of ['no-child-sa', 'probe', 'hold-down'] as const)
      expect(uses([route('192.168.1.0/24')], withFaults({ 'vpnx-1': fault }))).toEqual([`unused ${fault}`]);
  });

  it('is unknown while nobody knows: no agent, no look at its tunnel, a change that is not in force, another account', () => {
    const one = route('192.168.1.0/24');
    expect(uses([one], { ...allIsWell, isAgentHeard: false })).toEqual(['unknown agent']);
    expect(uses([one], withFaults({ 'vpnx-1': undefined }))).toEqual(['unknown tunnel']);
    expect(uses([one], { ...allIsWell, isApplied: () => false })).toEqual(['unknown plan']);
    expect(uses([one], { ...allIsWell, isApplied: () => undefined })).toEqual(['unknown plan']);
    expect(uses([route('192.168.1.0/24', { isUnseen: true })])).toEqual(['unknown unseen']);
  });
});

describe('a policy', () => {
  const policy = route('192.168.1.0/24', {
    holder: { kind: 'policies', id: 'vpnx-1 policies', name: 'b' },
    order: null,
  });

  it('is used by the CHILD_SAs of its tunnel, of which each policy has its own', () => {
    const withPolicyFault = (fault: ReturnType<Facts['policyFaultOf']>) => ({
      ...withFaults({ 'vpnx-1': 'probe' }),
      policyFaultOf: () => fault,
    });
    expect(uses([policy], withPolicyFault(null))).toEqual(['used']);
    expect(uses([policy], withPolicyFault('no-child-sa'))).toEqual(['unused no-child-sa']);
    expect(uses([policy], withPolicyFault('partly'))).toEqual(['unknown partly']);
    expect(uses([policy], withPolicyFault(undefined))).toEqual(['unknown tunnel']);
  });
});

describe('routes of the same destination', () => {
  const active = route('192.168.1.0/24', { tunnel: 'vpnx-1', order: 1 });
  const standby = route('192.168.1.0/24', { tunnel: 'vpnx-2', order: 101 });

  it('are used by priority', () => {
    expect(uses([standby, active])).toEqual(['unused priority', 'used']);
  });

  it('take over where the first one is not usable', () => {
    expect(uses([active, standby], withFaults({ 'vpnx-1': 'probe' }))).toEqual(['unused probe', 'used']);
  });

  it('are unknown where the first one is', () => {
    expect(uses([active, standby], withFaults({ 'vpnx-1': undefined }))).toEqual(['unknown tunnel', 'unknown rival']);
  });

  it('are beaten even where nobody knows of them, as long as the first one is used', () => {
    expect(uses([active, standby], withFaults({ 'vpnx-2': undefined }))).toEqual(['used', 'unused priority']);
  });

  it('share at the same priority', () => {
    const other = route('192.168.1.0/24', { tunnel: 'vpnx-2', order: 1 });
    expect(uses([active, other])).toEqual(['used', 'used']);
    expect(uses([active, other], withFaults({ 'vpnx-1': undefined }))).toEqual(['unknown tunnel', 'used']);
  });

  it('of different tables have nothing to do with each other, nor have those that nothing competes with', () => {
    const elsewhere = { ...standby, holder: { ...standby.holder, id: 'vpngw-2' } };
    const policy = { ...standby, order: null };
    expect(uses([active, elsewhere, policy])).toEqual(['used', 'used', 'used']);
  });
});

describe('longer prefixes', () => {
  const wide = route('10.0.0.0/8');
  const [low, high] = [route('10.0.0.0/9'), route('10.128.0.0/9')];

  it('leave a route in use for what they do not take', () => {
    expect(uses([wide, low])).toEqual(['used', 'used']);
  });

  it('beat it where they take all of it, in whatever order and depth they come', () => {
    expect(uses([high, wide, low])).toEqual(['used', 'unused longer', 'used']);
    const quarters = [route('10.0.0.0/10'), route('10.64.0.0/10')];
    expect(uses([...quarters, low, high, wide])).toEqual(['used', 'used', 'unused longer', 'used', 'unused longer']);
    const all = route('0.0.0.0/0');
    expect(uses([all, wide, low, high])).toEqual(['used', 'unused longer', 'used', 'used']);
  });

  it('take nothing while they are not used, and make it unknown while nobody knows', () => {
    const lost = { ...high, tunnel: 'vpnx-2' };
    expect(uses([wide, low, lost], withFaults({ 'vpnx-2': 'no-child-sa' }))[0]).toBe('used');
    expect(uses([wide, low, lost], withFaults({ 'vpnx-2': undefined }))[0]).toBe('unknown rival');
  });

  it('are told of by name', () => {
    const found = usesOf([wide, low, high], allIsWell).get(wide);
    expect(found).toMatchObject({ why: { kind: 'longer', by: '10.128.0.0/9' } });
  });
});

describe('for one address', () => {
  const at = addressOf('10.2.3.4') ?? -1;
  const [wide, middle, narrow] = [
    route('10.0.0.0/8'),
    route('10.2.0.0/16'),
    route('10.2.3.0/24', { tunnel: 'vpnx-2' }),
  ];
  const forAddress = (routes: readonly Route[], facts: Facts) => {
    const found = usesFor(at, routes, usesOf(routes, facts));
    return routes.map((each) => told(found.get(each)));
  };

  it('the longest prefix that is used takes it', () => {
    expect(forAddress([wide, middle, narrow], allIsWell)).toEqual(['unused longer', 'unused longer', 'used']);
    const lost = withFaults({ 'vpnx-2': 'probe' });
    expect(forAddress([wide, middle, narrow], lost)).toEqual(['unused longer', 'used', 'unused probe']);
  });

  it('nobody knows where nobody knows of a longer one', () => {
    const found = forAddress([wide, middle, narrow], withFaults({ 'vpnx-2': undefined }));
    expect(found).toEqual(['unknown rival', 'unknown rival', 'unknown tunnel']);
  });

  it('those of the same prefix share, known or not', () => {
    const twin = route('10.2.0.0/16', { tunnel: 'vpnx-2' });
    expect(forAddress([twin, middle], withFaults({ 'vpnx-2': undefined }))).toEqual(['unknown tunnel', 'used']);
  });

  it('tables decide each for themselves', () => {
    const elsewhere = { ...middle, holder: { ...middle.holder, id: 'vpngw-2' } };
    expect(forAddress([narrow, elsewhere], allIsWell)).toEqual(['used', 'used']);
  });
});
