import { describe, expect, it } from 'vitest';
import { formOf, requestOf, type Field } from './field.ts';

const fields: readonly Field[] = [
  { path: 'VpnConnectionName', type: 'text' },
  { path: 'PreShareKey', type: 'secret' },
  { path: 'SecurityPolicyDatabases', type: 'policies' },
  { path: 'IKEOptionsSpecification.IKESaLifetimeSeconds', type: 'number' },
  { path: 'DpdEnable', type: 'flag' },
  { path: 'EnableHealthCheck', type: 'truth' },
  { path: 'DnsServers', type: 'lines' },
];
const object = {
  VpnConnectionName: 'a',
  PreShareKey: 'never shown',
  SecurityPolicyDatabases: [{ LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: ['192.168.0.0/24', '192.168.1.0/24'] }],
  IKEOptionsSpecification: { IKESaLifetimeSeconds: 86_400 },
  DpdEnable: 1,
  EnableHealthCheck: false,
  DnsServers: ['10.0.0.2', '10.0.0.3'],
};

describe('fields of a form', () => {
  it('show an object, but for what is secret', () => {
    expect(formOf(fields, object)).toEqual({
      VpnConnectionName: 'a',
      PreShareKey: '',
      SecurityPolicyDatabases: '10.0.0.0/16 = 192.168.0.0/24, 192.168.1.0/24',
      'IKEOptionsSpecification.IKESaLifetimeSeconds': '86400',
      DpdEnable: 'true',
      EnableHealthCheck: 'false',
      DnsServers: '10.0.0.2\n10.0.0.3',
    });
  });

  it('become what they were shown from', () => {
    const form = { ...formOf(fields, object), PreShareKey: 'never shown' };
    expect(
      requestOf(
        fields,
        fields.map(({ path }) => path),
        form,
      ),
    ).toEqual(object);
  });

  it('are sent where they are named alone', () => {
    const form = { ...formOf(fields, object), 'IKEOptionsSpecification.IKESaLifetimeSeconds': '7200' };
    expect(requestOf(fields, ['IKEOptionsSpecification.IKESaLifetimeSeconds'], form)).toEqual({
      IKEOptionsSpecification: { IKESaLifetimeSeconds: 7200 },
    });
  });
});
