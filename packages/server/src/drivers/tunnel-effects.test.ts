import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleConnection, sampleGatewayPlan, sampleIds } from '../../testing/sample-plans.ts';
import type { ConnectionPlan, NetnsPlan } from '../plan/plan.ts';
import { tunnelEffects } from '../plan/tunnel-effects.ts';
import { nameConnection } from './named-connection.ts';

/** What a preview says of a tunnel is what the gateway then does: SAs end exactly where the connection gets another name (ADR 4). */

const plan = sampleGatewayPlan(sampleIds('00000001', 2));
const sample = sampleConnection('vpnx-00000001');
const esp = { dataPlane: 'uxfrm', alwaysInUdp: true, replayWindow: 1024 } as const;
const withConnections = (connections: readonly ConnectionPlan[]): NetnsPlan => ({ ...plan, charon: { connections } });
const child = (number: number) => ({ ...sample.children[0]!, name: `${sample.id}:${number}` });

/** Another value for each property that a change can give another one. */
const others = {
  epoch: fc.nat(2),
  version: fc.constantFrom(1 as const, 2 as const),
  aggressive: fc.boolean(),
  localAddress: fc.constantFrom(sample.localAddress, sample.remoteAddress),
  remoteId: fc.constantFrom(sample.remoteId, 'fqdn:other'),
  keyOwners: fc.constantFrom(sample.keyOwners, ['another']),
  ikeProposals: fc.constantFrom(sample.ikeProposals, ['aes256-sha256-modp2048']),
  ikeRekeySeconds: fc.constantFrom(3600, 86_400),
  dpdDelaySeconds: fc.constantFrom(0, 30),
  dpdTimeoutSeconds: fc.constantFrom(30, 150),
  dpdAction: fc.constantFrom('clear' as const, 'restart' as const),
  negotiation: fc.constantFrom('active' as const, 'passive' as const, 'on-traffic' as const),
  ifId: fc.constantFrom(1, 2),
  espRekeySeconds: fc.constantFrom(1800, 3600),
  children: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }).map((numbers) => numbers.map(child)),
};
const connection = fc.record(others).map((made): ConnectionPlan => ({ ...sample, ...made }));

test('SAs of a tunnel end exactly where its connection has another name', () => {
  fc.assert(
    fc.property(
      connection,
      fc.constantFrom(...(Object.keys(others) as (keyof typeof others)[])),
      connection,
      (before, name, source) => {
        const after = { ...before, [name]: source[name] };
        const [told] = tunnelEffects(withConnections([before]), withConnections([after]));
        const [was, is] = [nameConnection(before, 'digest', esp), nameConnection(after, 'digest', esp)];
        const childrenOf = ({ config }: typeof was) => JSON.stringify(Object.keys(config.children).sort());
        const expected = was.name !== is.name ? 'interruption' : childrenOf(was) === childrenOf(is) ? 'none' : 'rekey';
        // The order of children alone is nothing that charon hears of.
        const isOrderOnly = told?.effect === 'rekey' && expected === 'none';
        return isOrderOnly || told?.effect === expected;
      },
    ),
    { numRuns: 2000 },
  );
});

test('a tunnel that comes is new, one that goes is interrupted, and its neighbour has nothing of it', () => {
  const other = sampleConnection('vpnx-00000002', 1);
  const [one, both] = [withConnections([sample]), withConnections([sample, other])];
  const effects = (before: NetnsPlan | undefined, after: NetnsPlan | undefined) =>
    tunnelEffects(before, after).map(({ id, effect }) => [id, effect]);
  expect(effects(one, both)).toEqual([
    [sample.id, 'none'],
    [other.id, 'new'],
  ]);
  expect(effects(both, one)).toEqual([
    [sample.id, 'none'],
    [other.id, 'interruption'],
  ]);
  expect(effects(undefined, one)).toEqual([[sample.id, 'new']]);
  expect(effects(one, undefined)).toEqual([[sample.id, 'interruption']]);
  expect(tunnelEffects(one, withConnections([{ ...sample, epoch: 9 }]))).toEqual([
    { id: sample.id, effect: 'interruption', parts: ['epoch'] },
  ]);
});
