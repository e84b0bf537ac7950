import { parseIpAddress } from '@landbridge/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyMixUps, keyOwners, type KeyUser } from './key-owners.ts';

const gateway = parseIpAddress('203.0.113.1');

function user(n: number, parts: Partial<KeyUser> = {}): KeyUser {
  const remoteAddress = parts.remoteAddress ?? parseIpAddress(`198.51.100.${n}`);
  return {
    id: `vpnx-0000000${n}`,
    version: 2,
    aggressive: false,
    localAddress: gateway,
    localId: gateway,
    remoteId: remoteAddress,
    remoteAddress,
    ...parts,
  };
}

function mixUps(users: readonly KeyUser[]): string[] {
  return [...keyMixUps(users)].map((one) => `${one.user.id} ${one.rival.id}`).sort();
}

/** What strongSwan 5.9.8 does, written down from credential_manager.c, mem_cred.c and phase1.c. */
function keysThatCharonMayTake(asker: KeyUser, users: readonly KeyUser[]): KeyUser[] {
  const owners = keyOwners(users);
  const owns = (key: KeyUser, id: string) => owners.get(key.id)?.some((one) => one.toLowerCase() === id.toLowerCase());
  const best = (me: string, other: string): KeyUser[] => {
    const rank = (key: KeyUser) => (owns(key, other) === true ? 2 : 0) + (owns(key, me) === true ? 1 : 0);
    const top = Math.max(0, ...users.map(rank));
    return top === 0 ? [] : users.filter((key) => rank(key) === top);
  };
  const byIdentity = best(asker.localId, asker.remoteId);
  return byIdentity.length > 0 || asker.version === 2 ? byIdentity : best(gateway, asker.remoteAddress);
}

describe('pre-shared keys of one gateway', () => {
  it('belong to the remote identity, whatever the local one is', () => {
    const users = [user(1), user(2, { localId: 'fqdn:gw', remoteId: 'fqdn:branch', version: 1 })];
    expect([...keyOwners(users).values()]).toEqual([['198.51.100.1'], ['fqdn:branch']]);
    expect(mixUps(users)).toEqual([]);
  });

  it.each(['192.168.0.2', 'fqdn:branch'])(
    'belong to the address where IKEv1 peers all call themselves %s',
    (remoteId) => {
      const users = [1, 2, 3].map((n) => user(n, { remoteId, version: 1 }));
      expect([...keyOwners(users).values()]).toEqual([['198.51.100.1'], ['198.51.100.2'], ['198.51.100.3']]);
      expect(mixUps([...users, user(4), user(5, { version: 1, remoteId: 'fqdn:other' })])).toEqual([]);
    },
  );

  it('are told apart by the local identity where there is a difference', () => {
    const users = [user(1, { remoteId: 'fqdn:branch' }), user(2, { remoteId: 'fqdn:branch', localId: 'fqdn:gw' })];
    expect(mixUps(users)).toEqual([]);
  });

  it('are mixed up where IKEv2 peers have the same identity, in whatever case it is written', () => {
    const users = [user(1, { remoteId: 'fqdn:branch' }), user(2, { remoteId: 'fqdn:BRANCH' }), user(3)];
    expect(mixUps(users)).toEqual(['vpnx-00000001 vpnx-00000002', 'vpnx-00000002 vpnx-00000001']);
  });

  it('are mixed up where an IKEv1 peer has the identity of an IKEv2 one', () => {
    const users = [user(1, { remoteId: 'fqdn:branch', version: 1 }), user(2, { remoteId: 'fqdn:branch' })];
    expect(mixUps(users)).toEqual(['vpnx-00000001 vpnx-00000002']);
  });

  const ids = fc.constantFrom(gateway, 'fqdn:a', 'fqdn:A', 'fqdn:b', '198.51.100.1', '198.51.100.2');
  const someUsers = fc
    .array(fc.record({ version: fc.constantFrom(1 as const, 2 as const), localId: ids, remoteId: ids }), {
      maxLength: 6,
    })
    .map((parts) => parts.map((part, index) => user(index + 1, part)));

  it('are mixed up exactly where charon has no better choice (any identities)', () => {
    fc.assert(
      fc.property(someUsers, (users) => {
        const expected = users.flatMap((asker) =>
          keysThatCharonMayTake(asker, users)
            .filter((key) => key !== asker)
            .map((rival) => `${asker.id} ${rival.id}`),
        );
        expect(mixUps(users)).toEqual(expected.sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('are never mixed up where every peer has an identity of its own that no end has otherwise', () => {
    const version = fc.constantFrom(1 as const, 2 as const);
    const local = fc.constantFrom(gateway, 'fqdn:gw', 'fqdn:gw2');
    fc.assert(
      fc.property(fc.array(fc.record({ version, localId: local }), { maxLength: 8 }), (parts) => {
        expect(mixUps(parts.map((part, n) => user(n + 1, { ...part, remoteId: `fqdn:branch${n}` })))).toEqual([]);
      }),
    );
  });
});
