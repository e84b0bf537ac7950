import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DirectConnectLine } from '../domain/direct-connect/direct-connect-line.ts';
import { rowsOf } from '../../testing/image-of.ts';
import { sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { planHost } from './host.ts';
import { judgeForwarding, type ForwardingFacts } from '../drivers/uplink-forwarding.ts';

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
  /** A VXLAN line: our table stays for it without a gateway. */
  readonly hasLine: boolean;
}

const line = {
  ...{ kind: 'vxlan', accountId: 'account-1', directConnectGatewayId: 'dcg-gateway1', createdAt: 0 },
  ...{ vni: 100, port: 4789, remoteAddress: '198.51.100.9', underlayAddress: null, underlayMtu: 1500 },
  ...{ localAddress: '198.18.9.1/30', peerAddress: '198.18.9.2' },
} as unknown as DirectConnectLine;

/** @param dies after the filter, which goes first unless the table goes away. */
function applied(host: Host, dies = false): Host {
  const { facts, gateways, hasLine } = host;
  const empty = sampleNetwork([]);
  const desired = {
    ...empty,
    vpnGateways: empty.vpnGateways.slice(0, gateways),
    directConnectLines: hasLine ? [line] : [],
  };
  const plan = planHost(rowsOf(desired), sampleUplink, judgeForwarding(facts));
  const chains = (plan.filter?.chains ?? []).map(({ name }) => name);
  if (dies) return plan.filter === null ? host : { ...host, facts: { ...facts, chains, fromGateway: gateways > 0 } };
  const setting = plan.sysctls['net.ipv4.conf.uplink.forwarding'];
  const fromUplink = setting === undefined ? facts.fromUplink : setting === '1';
  return { ...host, facts: { ...facts, fromUplink, fromGateway: gateways > 0, chains } };
}

/** As devinet_sysctl_forward(): the switch for everything sets every interface. */
function switched(host: Host, isOn: boolean): Host {
  const facts = { ...host.facts, everywhere: isOn, fromUplink: isOn, fromGateway: isOn };
  return { ...host, facts, wish: isOn };
}

test('whatever comes in which order, the guard stands exactly while forwarding from the uplink is ours alone', () => {
  const kinds = ['gateway', 'no gateway', 'line', 'no line', 'router', 'no router', 'restart', 'death'] as const;
  const steps = fc.array(fc.constantFrom(...kinds), { maxLength: 12 });
  fc.assert(
    fc.property(fc.boolean(), steps, (wish, all) => {
      const facts = { everywhere: false, fromUplink: wish, fromGateway: false, chains: [] };
      let host: Host = applied({ facts, wish, gateways: 0, hasLine: false });
      let dies = false;
      for (const step of all) {
        if (step === 'gateway' || step === 'no gateway') host = { ...host, gateways: step === 'gateway' ? 1 : 0 };
        if (step === 'line' || step === 'no line') host = { ...host, hasLine: step === 'line' };
        if (step === 'router' || step === 'no router') host = switched(host, step === 'router');
        if (step === 'death') {
          dies = true;
          continue;
        }
        if (dies) host = applied(host, dies);
        dies = false;
        host = applied(host);
        expect(host.facts.fromUplink).toBe(host.wish || host.gateways > 0);
        expect(host.facts.chains.includes('forward')).toBe(!host.wish && (host.gateways > 0 || host.hasLine));
      }
    }),
  );
});
