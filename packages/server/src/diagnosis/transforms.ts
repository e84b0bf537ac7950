/** What a proposal is made of (RFC 7296 section 3.3.2); ESP has no PRF, and its group is that of perfect forward secrecy. */
export type TransformType = 'encryption' | 'integrity' | 'prf' | 'group';

export const transformTypes = ['encryption', 'integrity', 'prf', 'group'] as const satisfies readonly TransformType[];

/** One proposal; algorithms in words of the field (`AES-CBC-256`, `SHA-256`, `14 (MODP_2048)`), none where it names none. */
export type Transforms = Readonly<Record<TransformType, readonly string[]>>;

export interface ProposalList {
  readonly protocol: 'IKE' | 'ESP';
  readonly proposals: readonly Transforms[];
}

/** As charon writes them: `IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048, IKE:…`; null for other protocols. */
export function parseProposals(text: string): ProposalList | null {
  const items = text.split(', ').map((item) => /^(IKE|ESP):(.*)$/.exec(item.trim()));
  const [first] = items;
  if (first == null) return null;
  const proposals = items.flatMap((item) => (item?.[2] === undefined ? [] : [transformsOf(item[2].split('/'))]));
  return { protocol: first[1] === 'IKE' ? 'IKE' : 'ESP', proposals };
}

/** As the plan writes them (swanctl.conf(5)): `aes256-sha256-modp2048`. IKE derives the PRF from the integrity unless it names one. */
export function parseKeywords(protocol: ProposalList['protocol'], keywords: readonly string[]): ProposalList {
  const proposals = keywords.map((keyword) => {
    const names = keyword.split('-').flatMap((word) => keywordNames[word] ?? []);
    const transforms = transformsOf(names);
    if (protocol === 'ESP' || transforms.prf.length > 0) return transforms;
    return { ...transforms, prf: transforms.integrity };
  });
  return { protocol, proposals };
}

/** For people: `AES-CBC-256/SHA-256/SHA-256/14 (MODP_2048)`, with commas between proposals. */
export function proposalsInWords({ proposals }: ProposalList): string {
  return proposals
    .map((transforms) => transformTypes.flatMap((type) => algorithmsInWords(type, transforms[type])).join(' / '))
    .join(', ');
}

function algorithmsInWords(type: TransformType, algorithms: readonly string[]): string[] {
  const label = type === 'prf' ? 'PRF ' : type === 'group' ? 'group ' : '';
  return algorithms.map((algorithm) => `${label}${algorithm}`);
}

function transformsOf(names: readonly string[]): Transforms {
  const transforms: Record<TransformType, string[]> = { encryption: [], integrity: [], prf: [], group: [] };
  for (const name of names) {
    const type = typeOf(name);
    const word = wordFor(name);
    if (type !== null && !transforms[type].includes(word)) transforms[type].push(word);
  }
  return transforms;
}

function typeOf(name: string): TransformType | null {
  if (/^(?:NO_)?EXT_SEQ$|^KE\d_|^NONE$/.test(name)) return null;
  if (name.startsWith('PRF_')) return 'prf';
  if (/^(?:HMAC_|AES_XCBC_96|AES_(?:128|192|256)?_?(?:CMAC|GMAC)|DES_MAC|KPDK|UNDEFINED)/.test(name))
    return 'integrity';
  if (/^(?:MODP_|ECP_|CURVE_|FRODO|ML_KEM|KYBER|NEWHOPE|NTRU)/.test(name)) return 'group';
  return 'encryption';
}

/** `MODP_2048` → `14 (MODP_2048)`; and so on. */
export function wordFor(name: string): string {
  const group = groupNumbers[name];
  if (group !== undefined) return `${group} (${name})`;
  const hash = /^(?:PRF_)?HMAC_(MD5|SHA1|SHA2_(\d+))(?:_\d+)?$/.exec(name);
  if (hash !== null) return hash[2] === undefined ? (hash[1] ?? name) : `SHA-${hash[2]}`;
  return name.replace(/^PRF_/, '').replaceAll('_', '-');
}

/** IANA "Transform Type 4" (RFC 7296 section 3.3.2). */
const groupNumbers: Readonly<Record<string, number>> = {
  MODP_768: 1,
  MODP_1024: 2,
  MODP_1536: 5,
  MODP_2048: 14,
  MODP_3072: 15,
  MODP_4096: 16,
  MODP_6144: 17,
  MODP_8192: 18,
  ECP_256: 19,
  ECP_384: 20,
  ECP_521: 21,
  MODP_1024_160: 22,
  MODP_2048_224: 23,
  MODP_2048_256: 24,
  ECP_192: 25,
  ECP_224: 26,
  CURVE_25519: 31,
  CURVE_448: 32,
};

/** Keywords that a plan has (domain/vpn/proposal.ts), in charon's names. */
const keywordNames: Readonly<Record<string, string>> = {
  des: 'DES_CBC',
  '3des': '3DES_CBC',
  aes128: 'AES_CBC_128',
  aes192: 'AES_CBC_192',
  aes256: 'AES_CBC_256',
  aes128gcm16: 'AES_GCM_16_128',
  aes192gcm16: 'AES_GCM_16_192',
  aes256gcm16: 'AES_GCM_16_256',
  null: 'NULL',
  md5: 'HMAC_MD5_96',
  sha1: 'HMAC_SHA1_96',
  sha256: 'HMAC_SHA2_256_128',
  sha384: 'HMAC_SHA2_384_192',
  sha512: 'HMAC_SHA2_512_256',
  prfmd5: 'PRF_HMAC_MD5',
  prfsha1: 'PRF_HMAC_SHA1',
  prfsha256: 'PRF_HMAC_SHA2_256',
  prfsha384: 'PRF_HMAC_SHA2_384',
  prfsha512: 'PRF_HMAC_SHA2_512',
  modp768: 'MODP_768',
  modp1024: 'MODP_1024',
  modp1536: 'MODP_1536',
  modp2048: 'MODP_2048',
  modp3072: 'MODP_3072',
  modp4096: 'MODP_4096',
  ecp256: 'ECP_256',
  ecp384: 'ECP_384',
  ecp521: 'ECP_521',
  modp2048s256: 'MODP_2048_256',
};
