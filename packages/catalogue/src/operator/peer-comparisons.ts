import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { anyText, idOf, maybe, object, oneOf, secret, text } from '../schema/request-schemas.ts';
import { anyOf } from '../schema/response-schemas.ts';
import { comparedFields, type ComparedField } from '../vpn/tunnel-terms.ts';

/** Configurations of devices, compared with the tunnels that they are for. */

const line = () => about(Type.Integer({ minimum: 0 }), 'A line of the configuration, from 1; 0: none.');

const dialect = () =>
  oneOf('swanctl', 'strongswan-ipsec-conf', 'libreswan', 'vyos', 'cisco-ios', 'fortigate', 'routeros');

const field = () => oneOf(...(Object.keys(comparedFields) as ComparedField[]));

const difference = object({
  Field: about(field(), 'What differs, such as `ike-group`.'),
  Severity: about(oneOf('breaks', 'warns', 'notes'), 'Whether the tunnel can work like that.'),
  Ours: about(Type.String(), 'What the tunnel has.'),
  Theirs: about(Type.String(), 'What the device has.'),
  Line: line(),
  FixHere: about(Type.String(), 'What to change at the gateway.'),
  FixThere: about(Type.String(), 'What to change at the device.'),
});
export type WireDifference = Static<typeof difference>;

export const peerComparisonActions = {
  ComparePeerConfiguration: reads({
    summary: {
      en: 'Tells what differs between a tunnel and the configuration of the device at its other end, field by field.',
      zh: '逐项比较通道与对端设备的配置，并说明差异及修改方法。',
    },
    request: object({
      VpnConnectionId: idOf('vpnx'),
      Configuration: about(
        secret(anyText()),
        'The configuration as the device exports it. It is not kept, nor is a key in it ever shown.',
      ),
      Dialect: maybe(about(dialect(), 'How it is written; recognized when absent.')),
      TunnelName: maybe(about(text({ maxLength: 300 }), 'The tunnel of the configuration that is meant.')),
    }),
    response: object({
      Dialect: about(dialect(), 'How it is written.'),
      TunnelName: about(Type.String(), 'The tunnel of the configuration; empty: it could be any of CandidateSet.'),
      Key: about(
        oneOf('equal', 'differs', 'unreadable', 'not-in-the-file', 'hidden'),
        'Whether the configuration has the key of the tunnel; `hidden` from access keys that may not see it.',
      ),
      DifferenceSet: about(anyOf(difference), 'What differs.'),
      UnknownSet: about(anyOf(field()), 'Fields of which the configuration does not say enough.'),
      NoteSet: about(anyOf(object({ Line: line(), Text: Type.String() })), 'What was left out of account.'),
      CandidateSet: about(anyOf(object({ Name: Type.String(), Line: line() })), 'Tunnels that it could be.'),
    }),
    errors: ['not-found', 'peer-dialect-unknown', 'peer-file-unreadable'],
  }),
};
