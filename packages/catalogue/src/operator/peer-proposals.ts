import { Type } from 'typebox';
import { changes } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOf, object, oneOf } from '../schema/request-schemas.ts';
import { anyOf, count, orNull, time } from '../schema/response-schemas.ts';

/** What peers would accept, asked for (service landbridge). */

const setting = object({
  Parameter: about(Type.String(), 'Of ModifyVpnConnectionAttribute.'),
  Value: Type.String(),
});

export const peerProposalActions = {
  AskPeerProposals: changes({
    summary: {
      en: 'Asks the peer of a tunnel (IKEV2) which IKE proposals it accepts, by at most 24 IKE_SA_INIT messages within 20 seconds; the tunnel is not touched. An answer of the last 30 seconds is told again.',
      zh: '询问通道（IKEV2）的对端接受哪些 IKE 提议：20 秒内最多发送 24 个 IKE_SA_INIT 报文，不影响通道。30 秒内已有的结果会直接返回。',
    },
    request: object({ VpnConnectionId: idOf('vpnx') }),
    response: object({
      Verdict: about(
        oneOf('ours', 'other', 'nothing', 'silent', 'unclear'),
        '`ours`: it accepts what the tunnel offers; `other`: not that, but `Accepts`; `nothing`: none of what this service can offer; `silent`: it did not answer; `unclear`: its answers do not tell.',
      ),
      Accepts: about(
        orNull(Type.String()),
        'What it chose of everything, such as `AES-CBC-256 / SHA-256 / PRF SHA-256 / group 14 (MODP_2048)`; null unless it accepts something else.',
      ),
      AlsoSet: about(
        anyOf(Type.String()),
        'What it accepts in place of one part of that, such as `group 19 (ECP_256)`.',
      ),
      SettingSet: about(
        anyOf(setting),
        'What has to be set for the tunnel to offer what it accepts; empty where nothing has to, or no value of ours is accepted.',
      ),
      IsComplete: about(Type.Boolean(), 'False: what it accepts beside `Accepts` is not all known.'),
      Messages: about(count(), 'That were sent to it.'),
      HalfOpen: about(
        count(),
        'Half-open IKE_SAs that were left there, until it gives them up (charon: after 30 seconds).',
      ),
      AskedTime: time(),
    }),
    errors: [
      'not-found',
      'peer-questions-away',
      'peer-question-not-ikev2',
      'peer-question-not-there',
      'peer-asked-now',
      'peer-questions-of-account',
      'peer-questions-of-host',
      'peer-question-failed',
    ],
  }),
};
