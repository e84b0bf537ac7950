import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { findingSeverities } from '../findings/finding-entry.ts';
import { about } from '../schema/about.ts';
import { idList, idOf, object, oneOf, paging } from '../schema/request-schemas.ts';
import { tunnelState } from './tunnel-state.ts';
import { anyOf, instant, orNull, page } from '../schema/response-schemas.ts';

/** What is wrong with tunnels, and how it is mended (service landbridge). */

const cause = object({ Field: Type.String(), Tells: about(Type.String(), 'What tells it apart from the others.') });

export const wireFinding = object({
  Code: about(Type.String(), 'What it is: docs/findings has a page of each.'),
  Severity: about(
    oneOf(...findingSeverities),
    'error: packets are lost because of it; warning: they will be, or something is weaker than meant.',
  ),
  Layer: oneOf('host', 'uplink', 'ike', 'ike-auth', 'esp', 'path', 'routing', 'policy', 'health-check'),
  Field: about(Type.String(), 'The parameter that has to change, here or over there.'),
  ResourceId: about(idOf('vpnx'), 'The tunnel that it is about.'),
  Ours: about(orNull(Type.String()), 'What the tunnel has there; null where there is no value.'),
  Theirs: about(orNull(Type.String()), 'What the peer has there; null where it did not tell.'),
  Causes: about(anyOf(cause), 'Where it may be one of several, the likeliest first.'),
  Evidence: about(anyOf(Type.String()), 'What it was seen by.'),
  Since: instant(),
  Summary: about(Type.String(), 'One sentence, in the language of the call.'),
  FixHere: about(Type.String(), 'What to do here; empty where nothing helps.'),
  FixThere: about(Type.String(), 'What to do on the peer; empty where nothing helps.'),
});
/** A finding as replies show it. */
export type WireFinding = Static<typeof wireFinding>;

const health = object({
  VpnConnectionId: idOf('vpnx'),
  VpnConnectionName: Type.String(),
  VpnGatewayId: idOf('vpngw'),
  ...tunnelState,
  FindingSet: about(anyOf(wireFinding), 'The gravest first; empty where nothing is wrong.'),
});

export const tunnelHealthActions = {
  DescribeTunnelHealth: reads({
    summary: {
      en: 'Shows the state of tunnels of every region, what is wrong with them, and what to do here and on the peer.',
      zh: '查询所有地域的通道状态、存在的问题及两端的处理方法。',
    },
    request: object({ VpnConnectionIds: idList('vpnx'), ...paging() }),
    response: page('TunnelHealthSet', health),
  }),
};
