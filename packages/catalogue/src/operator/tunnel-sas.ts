import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOf, object, oneOf } from '../schema/request-schemas.ts';
import { anyOf, count, instant, orNull } from '../schema/response-schemas.ts';

/** The SAs of tunnels as they are (service landbridge). */

const algorithm = () => orNull(Type.String());
const spi = (digits: number) => Type.String({ pattern: `^[0-9a-f]{${digits}}$` });
const selectors = () => anyOf(Type.String());

const childSa = object({
  UniqueId: about(count(), 'As the IKE daemon numbers them.'),
  Name: about(Type.String(), 'The tunnel, or which of its policies.'),
  State: about(
    Type.String(),
    'As charon has it: `INSTALLED` and `REKEYING` carry packets, and so does `REKEYED` until the peer deletes it.',
  ),
  Mode: orNull(Type.String()),
  LocalSelectors: about(
    selectors(),
    'Packets from there, such as `10.0.1.0/24` or `10.0.1.0/24[tcp/80]`, to one of the others.',
  ),
  RemoteSelectors: selectors(),
  Protocol: about(orNull(Type.String()), '`ESP`. Null, as what follows, while it is not installed.'),
  InSpi: about(orNull(spi(8)), 'Of packets to us, hexadecimal.'),
  OutSpi: about(orNull(spi(8)), 'Of packets to the peer, hexadecimal.'),
  IsUdpEncapsulated: about(Type.Boolean(), 'ESP goes in UDP (RFC 3948).'),
  HasExtendedSequenceNumbers: Type.Boolean(),
  Encryption: about(algorithm(), 'By charon’s names, such as `AES_CBC_256`.'),
  Integrity: about(algorithm(), 'Null where the encryption has its own.'),
  PfsGroup: about(
    algorithm(),
    'Null where there was no key exchange of its own, as with the first CHILD_SA of an IKE_SA of IKEv2.',
  ),
  InBytes: about(count(), 'What came out of it, as counted since it was installed.'),
  InPackets: count(),
  LastInAt: about(orNull(instant()), 'To the second; null: nothing yet.'),
  OutBytes: count(),
  OutPackets: count(),
  LastOutAt: orNull(instant()),
  InstalledAt: orNull(instant()),
  RekeyAt: about(orNull(instant()), 'When it is renewed from here; null: not by time.'),
  EndAt: about(orNull(instant()), 'When it ends, unless it was renewed.'),
});
/** A CHILD_SA as replies show it. */
export type WireChildSa = Static<typeof childSa>;

const ikeSa = object({
  UniqueId: about(count(), 'As the IKE daemon numbers them.'),
  Version: oneOf('IKEV1', 'IKEV2'),
  State: about(Type.String(), 'As charon has it, such as `ESTABLISHED`.'),
  Role: about(oneOf('initiator', 'responder'), 'Of this side.'),
  InitiatorSpi: about(spi(16), 'Hexadecimal; zeros while it is not known.'),
  ResponderSpi: spi(16),
  LocalAddress: Type.String(),
  LocalPort: about(count(), '4500: a NAT is between them, or ESP goes in UDP all the same.'),
  LocalIdentity: Type.String(),
  RemoteAddress: Type.String(),
  RemotePort: count(),
  RemoteIdentity: about(Type.String(), '`%any` until the peer has said who it is.'),
  Encryption: about(algorithm(), 'By charon’s names, such as `AES_CBC_256`; null until it is negotiated.'),
  Integrity: algorithm(),
  Prf: algorithm(),
  DhGroup: algorithm(),
  EstablishedAt: about(orNull(instant()), 'To the second; null: it is not established.'),
  RekeyAt: about(orNull(instant()), 'When it is renewed from here; null: not by time.'),
  ReauthAt: about(orNull(instant()), 'When both ends prove anew who they are; null: not by time.'),
  ChildSaSet: about(anyOf(childSa), 'The newest first.'),
});
/** An IKE_SA as replies show it. */
export type WireIkeSa = Static<typeof ikeSa>;

export const tunnelSaActions = {
  DescribeTunnelSas: reads({
    summary: {
      en: 'Shows the IKE_SAs and CHILD_SAs of a tunnel of any region as they are now, without keys. An answer of the last second is told again.',
      zh: '查询任意地域的一个通道当前的 IKE_SA 与 CHILD_SA（不含密钥）。一秒内已有的结果会直接返回。',
    },
    request: object({ VpnConnectionId: idOf('vpnx') }),
    response: object({
      VpnConnectionId: idOf('vpnx'),
      SeenAt: about(instant(), 'When they were so.'),
      IkeSaCount: about(count(), 'How many there are; 16 are shown.'),
      ChildSaCount: about(count(), 'How many there are; 256 are shown.'),
      IkeSaSet: about(anyOf(ikeSa), 'The newest first; empty: there is none.'),
    }),
    errors: ['not-found', 'sas-not-told'],
  }),
};
