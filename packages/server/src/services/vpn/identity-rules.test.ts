import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf } from '../../../testing/image-of.ts';
import { keyMixUps, keyUserOf } from '../../domain/vpn/key-owners.ts';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import { checkIdentities } from './identity-rules.ts';

const scope = { accountId: 'acc', region: 'test-1', createdAt: 0 };
const gateway = { ...scope, id: 'vpngw-00000001', publicAddress: '203.0.113.1' } as unknown as VpnGateway;

const healthCheck = { localAddress: null, remoteAddress: null };

// Few names, so that they meet: those of others, of the gateway, and one another's in other letters.
const names = ['198.51.100.0', '198.51.100.1', '203.0.113.1', 'a.example', 'A.example', 'b.example'];
const identity = fc.option(fc.constantFrom(...names), { freq: 2 }).map((value) => ({
  kind: value?.endsWith('example') === true ? 'fqdn' : 'address',
  value,
}));
const tunnel = fc.record({
  peer: fc.nat({ max: 4 }),
  version: fc.constantFrom(1, 2),
  aggressive: fc.boolean(),
  localIdentity: identity,
  remoteIdentity: identity,
});

test('what no index finds a namesake of is what charon would not mix up', () => {
  fc.assert(
    fc.property(fc.array(tunnel, { minLength: 1, maxLength: 6 }), (tunnels) => {
      const peers = [0, 1, 2, 3, 4].map(
        (index) =>
          ({ ...scope, id: `cgw-0000000${index}`, address: `198.51.100.${index}` }) as unknown as CustomerGateway,
      );
      const [connection, ...others] = tunnels.map(
        ({ peer, ...ike }, index) =>
          ({
            ...{ ...scope, id: `vpnx-0000000${index}`, vpnGatewayId: gateway.id },
            ...{ customerGatewayId: peers[peer]?.id, ike, policies: [], healthCheck },
          }) as unknown as VpnConnection,
      );
      if (connection === undefined) return;
      const rows = rowsOf({ vpnGateways: [gateway], customerGateways: peers, vpnConnections: others });
      const usersOf = (some: readonly VpnConnection[]) =>
        some.map((one) => keyUserOf(one, gateway, rows.customerGateways.get(one.customerGatewayId)!));
      const textsOf = (some: readonly VpnConnection[]) =>
        [...keyMixUps(usersOf(some))].map(({ user, rival }) => `${user.id} ${rival.id}`);
      const known = new Set(textsOf(others));
      // Every tunnel has a key of its own, so that each new mix-up is one of different keys.
      const isMixedUp = textsOf([connection, ...others]).some((text) => !known.has(text));
      const check = () =>
        checkIdentities({ rows, keyOf: (id) => `key of ${id}` }, gateway, connection, 'a key', { all: () => others });
      if (isMixedUp) expect(check).toThrow();
      else expect(check).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});
