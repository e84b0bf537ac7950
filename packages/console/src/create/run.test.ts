import { describe, expect, it } from 'vitest';
import { answersFor } from './answers.ts';
import { planOf, secretKey } from './plan-of.ts';
import { Run, type RunsOn } from './run.ts';
import type { Step } from './step.ts';

interface Called {
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The service in small: it makes what it is asked for, and fails where a test wants it to. */
class Played {
  readonly calls: Called[] = [];
  /** Looks until the gateway is there. */
  looksLeft = 2;
  failing: string | null = null;
  pauses = 0;

  readonly on: RunsOn = {
    call: async (action, parameters) => {
      this.calls.push({ action, parameters });
      if (action === this.failing) throw new Error('refused');
      return this.#reply(action);
    },
    pause: async () => {
      this.pauses++;
    },
  };

  #reply(action: string) {
    if (action === 'DescribeVpnGateways')
      return { VpnGatewaySet: [{ State: --this.looksLeft > 0 ? 'PENDING' : 'AVAILABLE' }] };
    return {
      ...{ Vpc: { VpcId: 'vpc-1' }, Subnet: { SubnetId: 'subnet-1' }, VpnGateway: { VpnGatewayId: 'vpngw-1' } },
      CustomerGateway: { CustomerGatewayId: 'cgw-1' },
      ...{ VpnConnection: { VpnConnectionId: 'vpnx-1' }, RouteTableSet: [{ RouteTableId: 'rtb-1' }] },
    };
  }

  of(action: string): readonly Called[] {
    return this.calls.filter((call) => call.action === action);
  }
}

const answers = answersFor('1', 'local');
const steps = planOf(answers);
const [device] = answers.sites.flatMap(({ devices }) => devices);
const secret = secretKey(device ?? { id: 0 });
const none: ReadonlyMap<string, string> = new Map();

function begin(): { readonly played: Played; readonly run: Run } {
  const played = new Played();
  return { played, run: new Run(played.on) };
}

describe('a run', () => {
  it('takes each step once, in order, and looks until what it looks for is there', async () => {
    const { played, run } = begin();
    await run.go(steps, 'local', none);
    const wanted = steps.flatMap(({ action }: Step) =>
      action === 'DescribeVpnGateways' ? [action, action] : [action],
    );
    expect(played.calls.map(({ action }) => action)).toEqual(wanted);
    expect(played.pauses).toBe(1);
    expect([...run.made.value.keys()]).toEqual(steps.map(({ key }) => key));
    expect(run.going.value).toBeNull();
  });

  it('goes on from the step that failed, with the same token, and makes nothing twice', async () => {
    const { played, run } = begin();
    played.failing = 'CreateVpnConnection';
    await run.go(steps, 'local', none);
    expect(run.failure.value).toMatchObject({ problem: new Error('refused') });
    expect(played.of('CreateRoutes')).toEqual([]);
    played.failing = null;
    await run.go(steps, 'local', none);
    expect(run.failure.value).toBeNull();
    for (const action of ['CreateVpc', 'CreateVpnGateway', 'CreateCustomerGateway', 'CreateRoutes'])
      expect(played.of(action)).toHaveLength(1);
    const [first, second] = played.of('CreateVpnConnection');
    expect(first?.parameters['ClientToken']).toMatch(/^[\x21-\x7e]{1,64}$/);
    expect(second?.parameters).toEqual(first?.parameters);
  });

  it('has a token of its own for each step and each run', async () => {
    const tokens: unknown[] = [];
    for (const { played, run } of [begin(), begin()]) {
      await run.go(steps, 'local', none);
      tokens.push(...played.calls.map(({ parameters }) => parameters['ClientToken']).filter(Boolean));
    }
    expect(tokens).toHaveLength(14);
    expect(new Set(tokens).size).toBe(14);
  });

  it('makes a key unless one is given, and forgets both at its end', async () => {
    const { played, run } = begin();
    await run.go(steps, 'local', none);
    const made = run.secretOf(secret);
    expect(made).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(played.of('CreateVpnConnection')[0]?.parameters['PreShareKey']).toBe(made);
    run.end();
    expect(run.secretOf(secret)).not.toBe(made);

    const other = begin();
    await other.run.go(steps, 'local', new Map([[secret, 'theirs']]));
    expect(other.played.of('CreateVpnConnection')[0]?.parameters['PreShareKey']).toBe('theirs');
    other.run.end();
    expect(other.run.secretOf(secret)).not.toBe('theirs');
  });

  it('takes no further step once it has ended', async () => {
    const { played } = begin();
    played.looksLeft = 1e9;
    const stopping: RunsOn = {
      call: played.on.call,
      pause: async () => {
        stopped.end();
      },
    };
    const stopped = new Run(stopping);
    await stopped.go(steps, 'local', none);
    expect(played.of('CreateCustomerGateway')).toEqual([]);
    expect([...stopped.made.value.keys()]).toEqual(steps.slice(0, 3).map(({ key }) => key));
  });
});
