import { allActions } from '@landbridge/catalogue/services';
import { expect, it } from 'vitest';
import { actionAreas, actionWithoutArea, commandOf, findAction } from './action-areas.ts';
import { kebabCase } from './kebab-case.ts';

const vpn = actionAreas.get('vpn')!;

it('wire names become words with hyphens, and no two Actions the same', () => {
  expect(kebabCase('IKEOptionsSpecification')).toBe('ike-options-specification');
  expect(kebabCase('IPSECSaLifetimeSeconds')).toBe('ipsec-sa-lifetime-seconds');
  expect(kebabCase('ASPath')).toBe('as-path');
  expect(kebabCase('RouteECMPFlag')).toBe('route-ecmp-flag');
  expect(kebabCase('vpn-gateway-id')).toBe('vpn-gateway-id');
  const commands = allActions.map(({ name }) => kebabCase(name));
  expect(new Set(commands).size).toBe(commands.length);
});

it('every Action is in the area that the catalogue gives it, whichever service has it', () => {
  for (const action of allActions)
    expect(findAction(actionAreas.get(action.area)!, kebabCase(action.name))).toBe(action);
  expect(findAction(vpn, 'CreateVpnConnection').name).toBe('CreateVpnConnection');
  expect(findAction(vpn, 'modify-vpn-gateway-source-check').service).toBe('landbridge');
});

it('a mistyped Action is told what it may be, and one of another area where it is', () => {
  expect(() => findAction(vpn, 'create-vpn-conection')).toThrow('did you mean landbridge vpn create-vpn-connection?');
  expect(() => findAction(vpn, 'create-vpc')).toThrow('create-vpc is in another area: landbridge vpc create-vpc');
  expect(() => findAction(vpn, 'desribe-ccns')).toThrow('did you mean landbridge ccn describe-ccns?');
  expect(() => findAction(vpn, 'frobnicate')).toThrow('landbridge vpn --help lists');
  expect(commandOf(actionWithoutArea('DescribeVpcs')!)).toBe('landbridge vpc describe-vpcs');
  expect(actionWithoutArea('frobnicate')).toBeUndefined();
});
