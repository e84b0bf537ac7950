import type { espRequest, ikeRequest, WireEspOptions, WireIkeOptions } from '@landbridge/catalogue/vpn/negotiation';
import type { Static } from 'typebox';
import { problemOfFqdn } from '../../../domain/vpn/identity-text.ts';
import type { IkeSettings } from '../../../domain/diagnosis/peer-proposals.ts';
import type { IdentityPatch, IkePatch } from '../../../domain/vpn/negotiation-patch.ts';
import type {
  DhGroup,
  Encryption,
  EspOptions,
  Identity,
  IkeOptions,
  Integrity,
} from '../../../domain/vpn/vpn-connection.ts';
import { reject } from '../../protocol/api-error.ts';
import { defined, readAddress } from '../../wire/wire-values.ts';
import { wordFor } from '../../wire/word-for.ts';

/** IKE and IPsec options between the wire's words and the field's (docs/spec/semantics.md section 4). */

const ikeEncryption = {
  '3DES-CBC': '3des',
  'AES-CBC-128': 'aes128',
  'AES-CBC-192': 'aes192',
  'AES-CBC-256': 'aes256',
  // Only of tunnels from before it was refused.
  'DES-CBC': 'des',
  AES128GCM128: 'aes128gcm16',
  AES192GCM128: 'aes192gcm16',
  AES256GCM128: 'aes256gcm16',
} as const satisfies Record<string, Exclude<Encryption, 'null'>>;
const espEncryption = { ...ikeEncryption, NULL: 'null' } as const satisfies Record<string, Encryption>;

/** The vendor's list for IKE has no SHA-384. */
const ikeIntegrity = { MD5: 'md5', SHA: 'sha1', 'SHA-256': 'sha256', 'SHA-512': 'sha512' } as const satisfies Record<
  string,
  Integrity
>;
const espIntegrity = {
  MD5: 'md5',
  SHA1: 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
} as const;

const groups: readonly DhGroup[] = [1, 2, 5, 14, 15, 16, 19, 20, 21, 24];
const ikeGroups = Object.fromEntries(groups.map((group) => [`GROUP${group}`, group]));
const pfsGroups: Readonly<Record<string, DhGroup | null>> = {
  NULL: null,
  ...Object.fromEntries(groups.map((group) => [`DH-GROUP${group}`, group])),
};

/** Chinese national algorithms, which strongSwan does not have; DES, which no data plane has (RFC 8221: MUST NOT). */
const unsupported = ['SM3', 'SM4', 'DES-CBC'];

/** Reads what the caller gave; `prefix` is the name of the object for messages. */
export function readIke(options: Static<typeof ikeRequest>, prefix: string): IkePatch {
  const name = (field: string) => `${prefix}.${field}`;
  return defined({
    version: options.IKEVersion === undefined ? undefined : ikeVersions[options.IKEVersion],
    encryption: lookUp(ikeEncryption, options.PropoEncryAlgorithm, name('PropoEncryAlgorithm')),
    integrity: lookUp<Integrity>(ikeIntegrity, options.PropoAuthenAlgorithm, name('PropoAuthenAlgorithm')),
    dhGroup: lookUp(ikeGroups, options.DhGroupName, name('DhGroupName')),
    aggressive: options.ExchangeMode === undefined ? undefined : options.ExchangeMode === 'AGGRESSIVE',
    lifetimeSeconds: options.IKESaLifetimeSeconds,
    localIdentity: readIdentity(options.LocalIdentity, options.LocalAddress, options.LocalFqdnName, name, 'Local'),
    remoteIdentity: readIdentity(options.RemoteIdentity, options.RemoteAddress, options.RemoteFqdnName, name, 'Remote'),
  });
}

const ikeVersions = { IKEV1: 1, IKEV2: 2 } as const;

/** The correctly spelt name wins when both are given. */
export function readEsp(options: Static<typeof espRequest>, prefix: string): Partial<EspOptions> {
  const name = (field: string) => `${prefix}.${field}`;
  const misspelt = lookUp<Integrity>(espIntegrity, options.IntegrityAlgorith, name('IntegrityAlgorith'));
  return defined({
    encryption: lookUp<Encryption>(espEncryption, options.EncryptAlgorithm, name('EncryptAlgorithm')),
    integrity: lookUp<Integrity>(espIntegrity, options.IntegrityAlgorithm, name('IntegrityAlgorithm')) ?? misspelt,
    pfsGroup: lookUp(pfsGroups, options.PfsDhGroup, name('PfsDhGroup')),
    lifetimeSeconds: options.IPSECSaLifetimeSeconds,
    lifetimeKilobytes: options.IPSECSaLifetimeTraffic,
  });
}

/** Empty texts count as left out, as terraform sends them. */
function readIdentity(
  kind: 'ADDRESS' | 'FQDN' | undefined,
  address: string | undefined,
  fqdn: string | undefined,
  name: (field: string) => string,
  side: 'Local' | 'Remote',
): IdentityPatch | undefined {
  const problem = fqdn === undefined || fqdn === '' ? null : problemOfFqdn(fqdn);
  if (problem !== null) reject('malformed-value', { name: name(`${side}FqdnName`), rule: problem });
  const patch: IdentityPatch = defined({
    kind: kind === undefined ? undefined : kind === 'FQDN' ? 'fqdn' : 'address',
    address: address === undefined || address === '' ? undefined : readAddress(address, name(`${side}Address`)),
    name: fqdn === '' ? undefined : fqdn,
  } as const);
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function lookUp<T>(table: Readonly<Record<string, T>>, value: string | undefined, name: string): T | undefined {
  if (value === undefined) return undefined;
  if (unsupported.includes(value)) reject('algorithm-unsupported', { name, value });
  if (Object.hasOwn(table, value)) return table[value];
  const allowed = Object.keys(table).filter((word) => !unsupported.includes(word));
  return reject('invalid-value', {
    name,
    rule: { en: `allowed are ${allowed.join(', ')}`, zh: `可选值为 ${allowed.join(', ')}` },
  });
}

/**
 * `gatewayAddress` is shown as the local identity when it is an address and none was named (docs/spec/actions.md,
 * DescribeVpnConnections).
 */
export function wireIke(ike: IkeOptions, gatewayAddress: string): WireIkeOptions {
  return {
    PropoEncryAlgorithm: wordFor(ikeEncryption, ike.encryption),
    PropoAuthenAlgorithm: wordFor(ikeIntegrity, ike.integrity),
    ExchangeMode: ike.aggressive ? 'AGGRESSIVE' : 'MAIN',
    LocalIdentity: wireIdentityKind(ike.localIdentity),
    RemoteIdentity: wireIdentityKind(ike.remoteIdentity),
    LocalAddress: ike.localIdentity.kind === 'address' ? (ike.localIdentity.value ?? gatewayAddress) : '',
    RemoteAddress: ike.remoteIdentity.kind === 'address' ? (ike.remoteIdentity.value ?? '') : '',
    LocalFqdnName: wireFqdn(ike.localIdentity),
    RemoteFqdnName: wireFqdn(ike.remoteIdentity),
    DhGroupName: `GROUP${ike.dhGroup}`,
    IKESaLifetimeSeconds: ike.lifetimeSeconds,
    IKEVersion: `IKEV${ike.version}`,
  };
}

/** Parameters of ModifyVpnConnectionAttribute, with the values that they have to get. */
export function wireIkeSettings({
  encryption,
  integrity,
  dhGroup,
}: IkeSettings): { Parameter: string; Value: string }[] {
  const setting = (name: string, value: string | undefined) =>
    value === undefined ? [] : [{ Parameter: `IKEOptionsSpecification.${name}`, Value: value }];
  return [
    ...setting('PropoEncryAlgorithm', encryption && wordFor(ikeEncryption, encryption)),
    ...setting('PropoAuthenAlgorithm', integrity && wordFor<string, Integrity>(ikeIntegrity, integrity)),
    ...setting('DhGroupName', dhGroup && `GROUP${dhGroup}`),
  ];
}

export function wireEsp(esp: EspOptions): WireEspOptions {
  const integrity = wordFor(espIntegrity, esp.integrity);
  return {
    EncryptAlgorithm: wordFor(espEncryption, esp.encryption),
    IntegrityAlgorith: integrity,
    IPSECSaLifetimeSeconds: esp.lifetimeSeconds,
    PfsDhGroup: esp.pfsGroup === null ? 'NULL' : `DH-GROUP${esp.pfsGroup}`,
    IPSECSaLifetimeTraffic: esp.lifetimeKilobytes,
    IntegrityAlgorithm: integrity,
  };
}

function wireIdentityKind({ kind }: Identity): 'ADDRESS' | 'FQDN' {
  return kind === 'fqdn' ? 'FQDN' : 'ADDRESS';
}

function wireFqdn(identity: Identity): string {
  return identity.kind === 'fqdn' ? (identity.value ?? '') : '';
}
