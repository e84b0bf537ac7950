import { Type, type Static } from 'typebox';
import { about } from '../schema/about.ts';
import { integer, maybe, object, oneOf, text } from '../schema/request-schemas.ts';

/** Options of the IKE_SA and of the CHILD_SAs of tunnels (docs/spec/actions.md, "Data types"). */

/** `DES-CBC` is refused today; tunnels from before that have it. */
const ikeCiphers = [
  '3DES-CBC',
  'AES-CBC-128',
  'AES-CBC-192',
  'AES-CBC-256',
  'DES-CBC',
  'AES128GCM128',
  'AES192GCM128',
  'AES256GCM128',
] as const;
const groups = ['1', '2', '5', '14', '15', '16', '19', '20', '21', '24'] as const;
type Group = (typeof groups)[number];

const lifetime = (minimum: number) => maybe(about(integer(minimum, 604_800), 'Seconds until it is negotiated anew.'));

/** Algorithms are plain text in requests, so that those we lack get a message of their own. */
export const ikeRequest = object({
  PropoEncryAlgorithm: maybe(
    about(
      text(),
      '`3DES-CBC`, `AES-CBC-128`, `AES-CBC-192`, `AES-CBC-256`; with IKEV2 also `AES128GCM128`, `AES192GCM128`, `AES256GCM128`.',
    ),
  ),
  PropoAuthenAlgorithm: maybe(about(text(), '`MD5`, `SHA`, `SHA-256` or `SHA-512`.')),
  ExchangeMode: maybe(about(oneOf('MAIN', 'AGGRESSIVE'), 'Of IKEV1; MAIN for a new tunnel.')),
  LocalIdentity: maybe(
    about(oneOf('ADDRESS', 'FQDN'), 'What the gateway goes by: an address, or a name; ADDRESS for a new tunnel.'),
  ),
  RemoteIdentity: maybe(
    about(oneOf('ADDRESS', 'FQDN'), 'What the peer goes by: an address, or a name; ADDRESS for a new tunnel.'),
  ),
  LocalAddress: maybe(about(text(), 'Of LocalIdentity ADDRESS; the public address of the gateway unless given.')),
  RemoteAddress: maybe(
    about(text(), 'Of RemoteIdentity ADDRESS; the public address of the customer gateway unless given.'),
  ),
  LocalFqdnName: maybe(about(text({ maxLength: 255 }), 'The name that LocalIdentity FQDN needs.')),
  RemoteFqdnName: maybe(
    about(
      text({ maxLength: 255 }),
      'The name of RemoteIdentity FQDN; without one the peer goes by its public address.',
    ),
  ),
  DhGroupName: maybe(about(text(), `\`GROUP\` and the number of a Diffie-Hellman group: ${groups.join(', ')}.`)),
  IKESaLifetimeSeconds: lifetime(60),
  IKEVersion: maybe(about(oneOf('IKEV1', 'IKEV2'), 'Which IKE; the peer must speak the same.')),
});

export const espRequest = object({
  EncryptAlgorithm: maybe(
    about(
      text(),
      '`3DES-CBC`, `AES-CBC-128`, `AES-CBC-192`, `AES-CBC-256`, `AES128GCM128`, `AES192GCM128`, `AES256GCM128` or `NULL`.',
    ),
  ),
  /** The vendor's old misspelt name; terraform knows no other. */
  IntegrityAlgorith: maybe(
    about(text(), '`IntegrityAlgorithm` by its old name. The other counts when both are given.'),
  ),
  IPSECSaLifetimeSeconds: lifetime(180),
  PfsDhGroup: maybe(
    about(
      text(),
      `\`NULL\` for no perfect forward secrecy, or \`DH-GROUP\` and the number of a group: ${groups.join(', ')}.`,
    ),
  ),
  IPSECSaLifetimeTraffic: maybe(about(integer(2560, 4_294_967_295), 'KB until it is negotiated anew.')),
  IntegrityAlgorithm: maybe(about(text(), '`MD5`, `SHA1`, `SHA-256`, `SHA-384` or `SHA-512`.')),
});

/** What goes before the numbers. */
const ofGroups = <const Prefix extends string>(prefix: Prefix) =>
  groups.map((group) => `${prefix}${group}` as const) as readonly `${Prefix}${Group}`[];

const identityKind = (whose: string) => about(oneOf('ADDRESS', 'FQDN'), `What ${whose} goes by.`);

export const ikeOptions = object({
  PropoEncryAlgorithm: oneOf(...ikeCiphers),
  PropoAuthenAlgorithm: oneOf('MD5', 'SHA', 'SHA-256', 'SHA-512'),
  ExchangeMode: about(oneOf('MAIN', 'AGGRESSIVE'), 'Of IKEV1.'),
  LocalIdentity: identityKind('the gateway'),
  RemoteIdentity: identityKind('the peer'),
  LocalAddress: about(Type.String(), 'Of LocalIdentity ADDRESS; empty with FQDN.'),
  RemoteAddress: about(Type.String(), 'Of RemoteIdentity ADDRESS, when one was given; empty else.'),
  LocalFqdnName: about(Type.String(), 'Of LocalIdentity FQDN; empty with ADDRESS.'),
  RemoteFqdnName: about(Type.String(), 'Of RemoteIdentity FQDN, when one was given; empty else.'),
  DhGroupName: about(oneOf(...ofGroups('GROUP')), 'The Diffie-Hellman group.'),
  IKESaLifetimeSeconds: Type.Integer(),
  IKEVersion: oneOf('IKEV1', 'IKEV2'),
});
/** Options of the IKE_SA as replies show them. */
export type WireIkeOptions = Static<typeof ikeOptions>;

const espIntegrity = () => oneOf('MD5', 'SHA1', 'SHA-256', 'SHA-384', 'SHA-512');

export const espOptions = object({
  EncryptAlgorithm: oneOf(...ikeCiphers, 'NULL'),
  IntegrityAlgorith: about(espIntegrity(), '`IntegrityAlgorithm` by its old name.'),
  IPSECSaLifetimeSeconds: Type.Integer(),
  PfsDhGroup: about(oneOf('NULL', ...ofGroups('DH-GROUP')), 'NULL: no perfect forward secrecy.'),
  IPSECSaLifetimeTraffic: about(Type.Integer(), 'KB.'),
  IntegrityAlgorithm: espIntegrity(),
});
/** Options of the CHILD_SAs as replies show them. */
export type WireEspOptions = Static<typeof espOptions>;
