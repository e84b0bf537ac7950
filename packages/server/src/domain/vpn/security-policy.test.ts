import { everything, ipFromBigInt, normalizeCidr, parseCidr, type Cidr } from '@landbridge/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultQuotas } from '../operator/quotas.ts';
import { Refusal } from '../refusal.ts';
import { checkAgainstOthers, checkPolicies, isWildcardPolicy, mappingsConflict } from './security-policy.ts';
import type { Mapping, SecurityPolicyEntry } from './vpn-connection.ts';

/** Blocks inside 10.0.0.0/28: sixteen addresses, so that a brute-force model can look at each. */
const base = 0x0a000000n;
const block = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 28, max: 32 }))
  .map(([offset, length]) => normalizeCidr(`${ipFromBigInt(4, base + BigInt(offset))}/${length}`));
const mapping: fc.Arbitrary<Mapping> = fc.record({ local: block, remote: block });

/** The addresses of a block as offsets, found by trying: the model knows nothing of prefixes. */
function members(cidr: Cidr): Set<number> {
  const [address = '', length = '32'] = cidr.split('/');
  const first = Number(address.split('.')[3]);
  return new Set(Array.from({ length: 2 ** (32 - Number(length)) }, (_, index) => first + index));
}

function share(a: Cidr, b: Cidr): boolean {
  const others = members(b);
  return [...members(a)].some((member) => others.has(member));
}

/** Two mappings conflict when some packet (source, destination) fits both. */
function modelConflict(a: Mapping, b: Mapping): boolean {
  return share(a.local, b.local) && share(a.remote, b.remote);
}

function refusalOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

const toEntry = ({ local, remote }: Mapping): SecurityPolicyEntry => ({ local, remotes: [remote] });

describe('mappingsConflict', () => {
  it('is what a packet-by-packet comparison finds', () => {
    fc.assert(
      fc.property(mapping, mapping, (a, b) => {
        expect(mappingsConflict(a, b)).toBe(modelConflict(a, b));
        expect(mappingsConflict(a, b)).toBe(mappingsConflict(b, a));
      }),
    );
  });
});

describe('checkAgainstOthers', () => {
  it('refuses exactly when the model finds a shared packet, and names the owner', () => {
    fc.assert(
      fc.property(fc.array(mapping, { maxLength: 4 }), fc.array(mapping, { maxLength: 4 }), (mine, theirs) => {
        const tunnels = theirs.map((other, index) => ({
          id: `vpnx-0000000${index}` as const,
          policies: [toEntry(other)],
        }));
        const others = {
          gatewayId: 'vpngw-gateway1' as const,
          countMappings: () => theirs.length,
          conflictingWith: (own: Mapping) => tunnels.filter((_, index) => modelConflict(own, theirs[index]!)),
        };
        const expected = mine.some((own) => theirs.some((other) => modelConflict(own, other)));
        const work = () => checkAgainstOthers(mine.map(toEntry), others, defaultQuotas);
        expect(refusalOf(work)).toBe(expected ? 'policy-conflict' : undefined);
        if (expected)
          expect(work).toThrow(
            expect.objectContaining({
              details: expect.objectContaining({ owner: expect.stringMatching(/^vpnx-/) as string }) as object,
            }),
          );
      }),
    );
  });
});

describe('checkPolicies', () => {
  it('refuses exactly the lists that contradict themselves', () => {
    fc.assert(
      fc.property(fc.array(mapping, { minLength: 1, maxLength: 4 }), (mappings) => {
        const overlapsItself = mappings.some(({ local, remote }) => share(local, remote));
        const collides = mappings.some((a, index) => mappings.slice(0, index).some((b) => modelConflict(a, b)));
        const reason = refusalOf(() => checkPolicies(mappings.map(toEntry), []));
        expect(reason !== undefined).toBe(overlapsItself || collides);
        if (overlapsItself) expect(reason).toBe('policy-local-overlaps-remote');
      }),
    );
  });

  it('refuses remote ranges of one rule that share an address', () => {
    const local = parseCidr('192.168.0.0/24');
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (remotes) => {
        const overlap = remotes.some((a, index) => remotes.slice(0, index).some((b) => share(a, b)));
        const reason = refusalOf(() => checkPolicies([{ local, remotes }], []));
        expect(reason).toBe(overlap ? 'policy-remotes-overlap' : undefined);
      }),
    );
  });

  it('takes 0.0.0.0/0 as "everything else"', () => {
    const remotes = [parseCidr('192.168.1.0/24')];
    const vpc = [parseCidr('10.0.0.0/16')];
    expect(refusalOf(() => checkPolicies([{ local: everything, remotes }], vpc))).toBeUndefined();
    const toEverything = vpc.map((local) => ({ local, remotes: [everything] }));
    expect(refusalOf(() => checkPolicies(toEverything, vpc))).toBeUndefined();
  });

  it('refuses a remote range inside any range of the VPC, and none around one', () => {
    const vpc = ['10.0.0.0/16', '172.16.0.0/20'].map(parseCidr);
    const refusal = (remote: string) =>
      refusalOf(() => checkPolicies([{ local: everything, remotes: [parseCidr(remote)] }], vpc));
    expect(['10.0.3.0/24', '172.16.0.0/20', '172.16.15.0/24'].map(refusal)).toEqual(
      Array(3).fill('policy-remote-inside-vpc'),
    );
    expect(['172.16.0.0/16', '172.16.16.0/24', '10.0.0.0/8'].map(refusal)).toEqual(Array(3).fill(undefined));
  });

  it('knows the policy that means destination routing', () => {
    expect(isWildcardPolicy([{ local: everything, remotes: [everything] }])).toBe(true);
    expect(isWildcardPolicy([])).toBe(false);
    expect(isWildcardPolicy([{ local: everything, remotes: [everything, everything] }])).toBe(false);
    expect(isWildcardPolicy([{ local: parseCidr('10.0.0.0/8'), remotes: [everything] }])).toBe(false);
  });
});
