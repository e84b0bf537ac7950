import { cipherOf, hashOf, isAeadCipher } from '../algorithm-words.ts';
import { said, type FoundProposal, type FoundTunnel } from '../found-tunnel.ts';
import { argumentsOf, commandsOf, type Command } from './command-tree.ts';

/** Algorithms in the words of IOS (IOS Security Command Reference: `crypto isakmp policy`, `crypto ikev2 proposal`, `crypto ipsec transform-set`). */

/** Defaults of a policy: DES, SHA-1, RSA signatures, group 1; every policy is offered to every peer, in the order of priority. */
export function readIsakmpPolicies(
  commands: readonly Command[],
): Pick<FoundTunnel, 'authentication' | 'ikeProposals' | 'ikeLifetime'> {
  const policies = [...commandsOf(commands, 'crypto', 'isakmp', 'policy')].sort(
    (a, b) => Number(a.words[3]) - Number(b.words[3]),
  );
  const isPsk = (policy: Command) => argumentsOf(policy.below, 'authentication')?.words[0] === 'pre-share';
  const withKey = policies.filter(isPsk);
  const chosen = withKey.length > 0 ? withKey : policies;
  const [first] = chosen;
  if (first === undefined) return { authentication: null, ikeProposals: null, ikeLifetime: null };
  const lifetimes = chosen.map((policy) => Number(argumentsOf(policy.below, 'lifetime')?.words[0] ?? 86_400));
  return {
    authentication: said(withKey.length > 0 ? 'psk' : 'other', first.line),
    ikeProposals: said(chosen.map(readIsakmpPolicy), first.line),
    ikeLifetime: spanSaid(Math.max(...lifetimes), first.line),
  };
}

function readIsakmpPolicy({ below }: Command): FoundProposal {
  const encryption = argumentsOf(below, 'encr') ?? argumentsOf(below, 'encryption');
  const cipher = encryption?.words.join('') ?? 'des';
  const hash = argumentsOf(below, 'hash')?.words[0] ?? 'sha';
  const group = argumentsOf(below, 'group')?.words[0] ?? '1';
  const integrity = [hashOf(hash) ?? hash];
  return { encryption: [cipherOf(cipher) ?? cipher], integrity, prf: integrity, groups: [Number(group)] };
}

/** The proposals of all policies; without a policy it is the router's default, which depends on the release. */
export function readIkev2Proposals(commands: readonly Command[]): FoundTunnel['ikeProposals'] {
  const names = new Set(
    commandsOf(commands, 'crypto', 'ikev2', 'policy').flatMap((policy) =>
      commandsOf(policy.below, 'proposal').map(({ words }) => words[1]),
    ),
  );
  const proposals = commandsOf(commands, 'crypto', 'ikev2', 'proposal').filter(({ words }) => names.has(words[3]));
  const [first] = proposals;
  return first === undefined ? null : said(proposals.flatMap(readIkev2Proposal), first.line);
}

/** A proposal may mix AEAD ciphers and others only in name: each kind is one of its own. */
function readIkev2Proposal({ below }: Command): FoundProposal[] {
  const list = (name: string) => argumentsOf(below, name)?.words ?? [];
  const ciphers = list('encryption').map((word) => cipherOf(word) ?? word);
  const integrity = list('integrity').map((word) => hashOf(word) ?? word);
  const prf = list('prf').map((word) => hashOf(word) ?? word);
  const groups = list('group').map(Number);
  return [ciphers.filter(isAeadCipher), ciphers.filter((cipher) => !isAeadCipher(cipher))]
    .filter((kind) => kind.length > 0)
    .map((encryption): FoundProposal => ({ encryption, integrity, prf: prf.length > 0 ? prf : integrity, groups }));
}

/** `esp-aes 256 esp-sha256-hmac`, with the group of `set pfs` (group 1 unless it is named). */
export function readTransformSets(
  commands: readonly Command[],
  from: readonly Command[],
): Pick<FoundTunnel, 'espProposals' | 'encapsulation'> {
  const names = argumentsOf(from, 'set', 'transform-set');
  const pfs = argumentsOf(from, 'set', 'pfs');
  const groups = pfs === undefined ? [null] : [Number((pfs.words[0] ?? 'group1').replace(/^group/, ''))];
  const chosen = (names?.words ?? []).flatMap((name) =>
    commandsOf(commands, 'crypto', 'ipsec', 'transform-set', name).slice(0, 1),
  );
  const [first] = chosen;
  if (first === undefined) return { espProposals: null, encapsulation: null };
  const isAh = first.words.some((word) => word.startsWith('ah-'));
  const isTransport = argumentsOf(first.below, 'mode')?.words[0] === 'transport';
  return {
    espProposals: isAh
      ? null
      : said(
          chosen.map(({ words }) => readTransforms(words.slice(4), groups)),
          first.line,
        ),
    encapsulation: said(isAh ? 'ah' : isTransport ? 'transport' : 'tunnel', first.line),
  };
}

function readTransforms(words: readonly string[], groups: readonly (number | null)[]): FoundProposal {
  const [encryption, integrity]: [string[], string[]] = [[], []];
  for (const [at, word] of words.entries()) {
    const name = word.replace(/^esp-/, '');
    const size = words[at + 1];
    const bits = size !== undefined && /^(128|192|256)$/.test(size) ? size : '128';
    if (name === 'gcm') encryption.push(`aes${bits}gcm16`);
    else if (name === 'gmac') encryption.push(`aes${bits}gmac`);
    else if (name === 'aes') encryption.push(`aes${bits}`);
    else if (name.endsWith('-hmac')) integrity.push(hashOf(name.slice(0, -'-hmac'.length)) ?? name);
    else if (word.startsWith('esp-')) encryption.push(cipherOf(name) ?? name);
  }
  return { encryption, integrity, prf: [], groups };
}

export function spanSaid(seconds: number, line: number): FoundTunnel['ikeLifetime'] {
  return Number.isFinite(seconds) ? said({ from: seconds, to: seconds }, line) : null;
}
