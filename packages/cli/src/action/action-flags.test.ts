import { allActions, type ActionName } from '@landbridge/catalogue/services';
import { expect, it } from 'vitest';
import { commonOptions } from './action-arguments.ts';
import { ActionFlags } from './action-flags.ts';
import { kebabCase } from './kebab-case.ts';

const flagsOf = (name: ActionName) => new ActionFlags(allActions.find((action) => action.name === name)!);
const pathOf = (name: ActionName, typed: string) => flagsOf(name).find(typed)?.path;

it('a short name stands for one parameter, the nearest', () => {
  expect(pathOf('CreateVpnConnection', 'gateway')).toEqual(['VpnGatewayId']);
  expect(pathOf('CreateVpnConnection', 'customer-gateway')).toEqual(['CustomerGatewayId']);
  expect(pathOf('CreateVpnConnection', 'name')).toEqual(['VpnConnectionName']);
  expect(pathOf('CreateSubnet', 'name')).toEqual(['SubnetName']);
  expect(pathOf('CreateSubnet', 'vpc')).toEqual(['VpcId']);
  expect(pathOf('CreateVpc', 'tag')).toEqual(['Tags']);
  expect(pathOf('ModifyRouteTableSelectionPolicies', 'selection-policy')).toEqual(['SelectionPolicies']);
  expect(pathOf('DownloadCustomerGatewayConfiguration', 'name')).toBeUndefined();
});

it('a short name means the same in all Actions of an area', () => {
  const meanings = new Map<string, Set<string>>();
  for (const action of allActions) {
    for (const { name, aliases } of new ActionFlags(action).all()) {
      for (const alias of aliases.filter((each) => each !== 'name')) {
        const key = `${action.area} ${alias}`;
        meanings.set(key, (meanings.get(key) ?? new Set()).add(name.replace(/(Ids?|s)$/, '')));
      }
    }
  }
  // `--route` is a route that is made, or the id of one that is there.
  const both = [...meanings].filter(([, names]) => names.size > 1).map(([key]) => key);
  expect(both).toEqual([]);
  expect(pathOf('ModifyVpnConnectionAttribute', 'gateway')).toBeUndefined();
});

it('no parameter has the name of an option that every Action has', () => {
  for (const action of allActions) {
    const names = new ActionFlags(action).all().flatMap(({ name, aliases }) => [kebabCase(name), ...aliases]);
    expect([action.name, names.filter((name) => name in commonOptions)]).toEqual([action.name, []]);
  }
});

it('finds what is inside, as tccli writes it too', () => {
  const path = ['SecurityPolicyDatabases', 0, 'LocalCidrBlock'];
  expect(pathOf('CreateVpnConnection', 'security-policy-databases.0.local-cidr-block')).toEqual(path);
  expect(pathOf('CreateVpnConnection', 'SecurityPolicyDatabases.0.LocalCidrBlock')).toEqual(path);
  expect(pathOf('CreateVpnConnection', 'ike-options.ike-version')).toEqual(['IKEOptionsSpecification', 'IKEVersion']);
  expect(() => pathOf('CreateVpnConnection', 'security-policy-databases.local-cidr-block')).toThrow(
    '--security-policy-databases is a list: --security-policy-databases.0.local-cidr-block is that of its first item',
  );
  expect(flagsOf('CreateVpnConnection').find('no-enable-health-check')).toMatchObject({ isNegated: true });
  expect(pathOf('CreateVpnConnection', 'no-gateway')).toBeUndefined();
});

it('guesses what a mistyped name stands for', () => {
  const flags = flagsOf('CreateVpnConnection');
  expect(flags.guess('nmae')).toBe('name');
  expect(flags.guess('vpn-gatway-id')).toBe('vpn-gateway-id');
  expect(flags.guess('health-check')).toBe('enable-health-check');
  expect(flags.guess('frobnicate')).toBeUndefined();
});
