import type { Explanation } from './explanation.ts';

/**
 * A finding in one short English sentence, for logs and `LastError`: the acting side does not load the catalogue, which has the
 * words for people. `IKE encryption differs: AES-CBC-256 here, AES-CBC-128 there.`
 */
export function sentenceOf({ code, ours, theirs }: Explanation): string {
  const values = [...(ours === null ? [] : [`${ours} here`]), ...(theirs === null ? [] : [`${theirs} there`])];
  const words = code
    .split('-')
    .map((word) => abbreviations[word] ?? word)
    .join(' ');
  const text = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return `${text}${values.length === 0 ? '' : `: ${values.join(', ')}`}.`;
}

const abbreviations: Readonly<Record<string, string>> = {
  ...{ ike: 'IKE', ikev1: 'IKEv1', prf: 'PRF', dh: 'DH', esp: 'ESP', pfs: 'PFS', eap: 'EAP', nat: 'NAT', sa: 'SA' },
};
