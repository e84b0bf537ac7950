import { parseCidr, parseIpAddress } from '@landbridge/net';
import { isAeadCipher } from '../src/reading/algorithm-words.ts';
import type { PeerEncryption, PeerTunnel } from '../src/peer-model.ts';
import type { ComparedTunnel, DifferenceField } from '../src/reading/difference.ts';

/** A change of the tunnel, and the field in which a file that fitted before differs then. */
export interface Mutation {
  readonly field: DifferenceField;
  readonly what: string;
  readonly tunnel: ComparedTunnel;
}

const otherAddress = parseIpAddress('192.0.2.99');

/** Every change that makes sense of this tunnel. Algorithms change to ones that no device has by default. */
export function mutationsOf(ours: ComparedTunnel): Mutation[] {
  const { tunnel, device } = ours;
  const { ike, esp, traffic } = tunnel;
  const to = (field: DifferenceField, what: string, change: Partial<PeerTunnel>): Mutation => ({
    ...{ field, what },
    tunnel: { ...ours, tunnel: { ...tunnel, ...change } },
  });
  return [
    to('ike-version', 'the other version', { ike: { ...ike, version: ike.version === 1 ? 2 : 1, aggressive: false } }),
    to('gateway-address', 'another address', { gatewayAddress: otherAddress }),
    {
      field: 'device-address',
      what: 'another address',
      tunnel: { ...ours, device: { ...device, publicAddress: otherAddress, address: otherAddress } },
    },
    to('gateway-identity', 'another name', { remoteIdentity: { kind: 'fqdn', value: 'elsewhere.example.net' } }),
    to('gateway-identity', 'another address', { remoteIdentity: { kind: 'address', value: otherAddress } }),
    to('device-identity', 'another name', { localIdentity: { kind: 'fqdn', value: 'elsewhere.example.net' } }),
    to('device-identity', 'another address', { localIdentity: { kind: 'address', value: otherAddress } }),
    to('key', 'a letter more', { preSharedKey: `${tunnel.preSharedKey ?? ''}x` }),
    to('ike-encryption', 'another cipher', { ike: { ...ike, encryption: otherCipher(ike.encryption) } }),
    to('ike-integrity', 'MD5', { ike: { ...ike, integrity: 'md5' } }),
    to('ike-group', 'group 1', { ike: { ...ike, dhGroup: 1 } }),
    to('ike-lifetime', 'three times as long', { ike: { ...ike, lifetimeSeconds: ike.lifetimeSeconds * 3 } }),
    to('ike-lifetime', 'half as long', { ike: { ...ike, lifetimeSeconds: Math.floor(ike.lifetimeSeconds / 2) } }),
    to('esp-encryption', 'another cipher', { esp: { ...esp, encryption: otherCipher(esp.encryption) } }),
    to('pfs', 'group 24', { esp: { ...esp, pfsGroup: 24 } }),
    ...(esp.pfsGroup === null ? [] : [to('pfs', 'none', { esp: { ...esp, pfsGroup: null } })]),
    to('esp-lifetime', 'three times as long', { esp: { ...esp, lifetimeSeconds: esp.lifetimeSeconds * 3 } }),
    to('esp-lifetime', 'half as long', { esp: { ...esp, lifetimeSeconds: Math.floor(esp.lifetimeSeconds / 2) } }),
    ...(isAeadCipher(esp.encryption) ? [] : [to('esp-integrity', 'MD5', { esp: { ...esp, integrity: 'md5' } })]),
    ...(ike.version === 2
      ? []
      : [to('exchange-mode', 'the other mode', { ike: { ...ike, aggressive: !ike.aggressive } })]),
    ...(tunnel.dpd.enabled ? [] : [to('dpd', 'on', { dpd: { ...tunnel.dpd, enabled: true } })]),
    ...trafficsOf(traffic).map(([field, what, changed]) => to(field, what, { traffic: changed })),
  ];
}

function otherCipher(cipher: PeerEncryption): Exclude<PeerEncryption, 'null'> {
  if (!isAeadCipher(cipher)) return cipher === '3des' ? 'des' : '3des';
  return cipher === 'aes192gcm16' ? 'aes128gcm16' : 'aes192gcm16';
}

function trafficsOf(traffic: PeerTunnel['traffic']): [DifferenceField, string, PeerTunnel['traffic']][] {
  const [there, other] = ['10.77.0.0/16', '172.31.99.0/24'].map((range) => parseCidr(range));
  if (there === undefined || other === undefined) return [];
  if (traffic.mode === 'route') {
    return [
      ['routes', 'one more', { ...traffic, remotes: [...traffic.remotes, there] }],
      ['selectors', 'by policy', { mode: 'policy', pairs: [{ local: other, remote: there }] }],
    ];
  }
  const { pairs } = traffic;
  const [first, ...rest] = pairs;
  if (first === undefined) return [];
  return [
    ['selectors', 'one more', { ...traffic, pairs: [...pairs, { local: other, remote: there }] }],
    ['selectors', 'another remote range', { ...traffic, pairs: [{ ...first, remote: there }, ...rest] }],
    ['selectors', 'another local range', { ...traffic, pairs: [{ ...first, local: other }, ...rest] }],
    [
      'selectors',
      'the wrong way round',
      { ...traffic, pairs: pairs.map(({ local, remote }) => ({ local: remote, remote: local })) },
    ],
    ...(rest.length === 0
      ? []
      : [
          ['selectors', 'one less', { ...traffic, pairs: rest }] satisfies [
            DifferenceField,
            string,
            PeerTunnel['traffic'],
          ],
        ]),
  ];
}
