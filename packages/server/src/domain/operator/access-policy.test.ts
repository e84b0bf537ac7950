import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allows, type AccessPolicy, type AccessRequest, type AccessStatement } from './access-policy.ts';

const request: AccessRequest = {
  service: 'vpc',
  action: 'DeleteVpnConnection',
  effect: 'changes',
  resources: [
    { ids: ['vpngw-00000001', 'vpc-00000001'], tags: [{ key: 'team', value: 'red' }] },
    { ids: ['vpnx-00000001', 'vpngw-00000001'], tags: [{ key: 'team', value: 'red' }] },
  ],
};
const policy = (...statements: AccessStatement[]): AccessPolicy => ({ statements, showsSecrets: false });

test.each<[string, AccessStatement, boolean]>([
  ['everything', { access: 'write' }, true],
  ['only what changes nothing', { access: 'read' }, false],
  ['this Action', { access: 'write', actions: ['DeleteVpnConnection'] }, true],
  ['this Action of this service', { access: 'write', actions: ['vpc:DeleteVpnConnection'] }, true],
  ['this Action of another service', { access: 'write', actions: ['landbridge:DeleteVpnConnection'] }, false],
  ['Actions that begin so', { access: 'write', actions: ['vpc:Delete*'] }, true],
  ['Actions that begin otherwise', { access: 'write', actions: ['Create*'] }, false],
  ['an Action whose name is longer', { access: 'write', actions: ['DeleteVpn'] }, false],
  ['a whole service', { access: 'write', actions: ['vpc:*'] }, true],
  ['what belongs to the gateway', { access: 'write', resources: ['vpngw-00000001'] }, true],
  ['the tunnel without its gateway', { access: 'write', resources: ['vpnx-00000001'] }, false],
  ['both by their names', { access: 'write', resources: ['vpnx-00000001', 'vpngw-00000001'] }, true],
  ['what has the tag', { access: 'write', tags: [{ key: 'team', value: 'red' }] }, true],
  ['what has another value of it', { access: 'write', tags: [{ key: 'team', value: 'blue' }] }, false],
  ['nothing by an empty list of Actions', { access: 'write', actions: [] }, false],
  ['nothing by an empty list of resources', { access: 'write', resources: [] }, false],
])('a statement about %s', (_, statement, expected) => {
  expect(allows(policy(statement), request)).toBe(expected);
});

test('a statement about some resources allows no call that names none', () => {
  const bare = { ...request, action: 'CreateVpc', resources: [] };
  expect(allows(policy({ access: 'write', resources: ['vpc-00000001'] }), bare)).toBe(false);
  expect(allows(policy({ access: 'write', tags: [{ key: 'team', value: 'red' }] }), bare)).toBe(false);
  expect(allows(policy({ access: 'write' }), bare)).toBe(true);
});

const name = fc.constantFrom('CreateVpc', 'DescribeVpcs', 'DeleteVpc', 'DeleteVpnGateway');
const id = fc.constantFrom('vpc-00000001', 'vpc-00000002', 'vpngw-00000001');
const tag = fc.record({ key: fc.constantFrom('a', 'b'), value: fc.constantFrom('1', '2') });
const pattern = fc.oneof(name, fc.constantFrom('*', 'Delete*', 'vpc:*', 'landbridge:*', 'vpc:Describe*'));
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(fc.array(values, { maxLength: 3 }), { nil: undefined });
const statement = fc
  .record({
    access: fc.constantFrom('read', 'write'),
    actions: optional(pattern),
    resources: optional(id),
    tags: optional(tag),
  })
  .map(
    (made) =>
      Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as unknown as AccessStatement,
  );
const statements = fc.array(statement, { maxLength: 4 });
const resource = fc.record({
  ids: fc.array(id, { minLength: 1, maxLength: 2 }),
  tags: fc.array(tag, { maxLength: 2 }),
});
const call = fc.record({
  service: fc.constantFrom('vpc', 'landbridge'),
  action: name,
  effect: fc.constantFrom('reads', 'changes'),
  resources: fc.array(resource, { maxLength: 3 }),
}) as fc.Arbitrary<AccessRequest>;

test('a policy allows what one of its statements allows, and nothing without one', () => {
  fc.assert(
    fc.property(statements, call, (given, asked) => {
      const single = given.map((one) => allows(policy(one), asked));
      return allows(policy(...given), asked) === single.includes(true);
    }),
  );
});

test('whoever may change may do nothing more by naming one resource more, nor by one condition more', () => {
  fc.assert(
    fc.property(statement, call, resource, tag, (one, asked, another, condition) => {
      const bounded = one.resources !== undefined || one.tags !== undefined;
      const wider = { ...asked, resources: [...asked.resources, another] };
      if (asked.resources.length > 0 || !bounded) {
        if (allows(policy(one), wider) && !allows(policy(one), asked)) return false;
      }
      const narrower = { ...one, tags: [...(one.tags ?? []), condition] };
      return !allows(policy(narrower), asked) || allows(policy(one), asked);
    }),
  );
});

test('what is for reading changes nothing, whatever is written beside it', () => {
  fc.assert(
    fc.property(statement, call, (one, asked) => {
      return !allows(policy({ ...one, access: 'read' }), { ...asked, effect: 'changes' });
    }),
  );
});
