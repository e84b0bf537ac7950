import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleNetwork, sampleUplink } from '../domain/sample-network.ts';
import { planHost } from '../planner/host.ts';
import { judgeForwarding, type ForwardingFacts } from './uplink-forwarding.ts';

test.each<[string, Partial<ForwardingFacts>, 'operator' | 'ours']>([
  ['a router', { everywhere: true, fromUplink: true }, 'operator'],
  ['a router, ours before', { everywhere: true, fromUplink: true, chains: ['forward'] }, 'operator'],
  ['no router', {}, 'ours'],
  ['a router between some interfaces', { fromUplink: true }, 'operator'],
  ['the same after a restart', { fromUplink: true, fromGateway: true, chains: ['operator_forwards'] }, 'operator'],
  ['no router, switched on here', { fromUplink: true, fromGateway: true, chains: ['forward'] }, 'ours'],
  ['switched on by a version without marks', { fromUplink: true, fromGateway: true, chains: ['prerouting'] }, 'ours'],
])('%s: %o is %s', (_, facts, expected) => {
  expect(judgeForwarding({ everywhere: false, fromUplink: false, fromGateway: false, chains: [], ...facts })).toBe(
    expected,
  );
});

/** The host's settings and our table there, changed by plans as the drivers do it, and by the operator. */
interface Host {
  readonly facts: ForwardingFacts;
  /** What the uplink's interface would be without us. */
  readonly wish: boolean;
  readonly gateways: number;
}

function applied({ facts, wish, gateways }: Host): Host {
  const empty = sampleNetwork([]);
  const plan = planHost(
    { ...empty, vpnGateways: empty.vpnGateways.slice(0, gateways) },
    sampleUplink,
    judgeForwarding(facts),
  );
  const setting = plan.sysctls['net.ipv4.conf.uplink.forwarding'];
  const fromUplink = setting === undefined ? facts.fromUplink : setting === '1';
  const chains = [...(plan.filter ?? '').matchAll(/chain (\w+)/g)].map(([, name]) => name!);
  return { facts: { ...facts, fromUplink, fromGateway: gateways > 0, chains }, wish, gateways };
}

/** As devinet_sysctl_forward(): the switch for everything sets every interface. */
function switched(host: Host, isOn: boolean): Host {
  const facts = { ...host.facts, everywhere: isOn, fromUplink: isOn, fromGateway: isOn };
  return { ...host, facts, wish: isOn };
}

test('whatever comes in which order, the guard stands exactly while forwarding from the uplink is ours alone', () => {
  const steps = fc.array(fc.constantFrom('gateway', 'no gateway', 'router', 'no router', 'restart'), { maxLength: 12 });
  fc.assert(
    fc.property(fc.boolean(), steps, (wish, all) => {
      const facts = { everywhere: false, fromUplink: wish, fromGateway: false, chains: [] };
      let host: Host = applied({ facts, wish, gateways: 0 });
      for (const step of all) {
        if (step === 'gateway' || step === 'no gateway') host = { ...host, gateways: step === 'gateway' ? 1 : 0 };
        if (step === 'router' || step === 'no router') host = switched(host, step === 'router');
        host = applied(host);
        expect(host.facts.fromUplink).toBe(host.wish || host.gateways > 0);
        expect(host.facts.chains.includes('forward')).toBe(!host.wish && host.gateways > 0);
      }
    }),
  );
});
