import { maskLength } from '../address-forms.ts';
import { FoundKey } from '../found-key.ts';
import { byDefault, said, type FoundIdentity, type FoundTunnel, type Saying } from '../found-tunnel.ts';
import { addressIdentity, identityOfAddress, readRange } from '../swan-values.ts';
import { cidrContains, parseIpAddress, isIpAddress } from '@landbridge/net';
import { argumentsOf, commandsOf, type Command } from './command-tree.ts';
import { readIkev2Proposals, spanSaid } from './ios-proposals.ts';

type IkeSayings = Pick<
  FoundTunnel,
  | 'ikeVersions'
  | 'authentication'
  | 'aggressive'
  | 'ikeProposals'
  | 'ikeLifetime'
  | 'localIdentity'
  | 'remoteIdentity'
  | 'dpd'
>;

/** What an IKEv2 profile says (IOS XE, "Configuring Internet Key Exchange Version 2"). */
export function readIkev2Profile(
  profile: Command,
  commands: readonly Command[],
  ends: Pick<FoundTunnel, 'localAddress' | 'remoteAddress'>,
): IkeSayings {
  const { below } = profile;
  const identity = argumentsOf(below, 'identity', 'local');
  const lifetime = argumentsOf(below, 'lifetime');
  const dpd = argumentsOf(below, 'dpd') ?? argumentsOf(commands, 'crypto', 'ikev2', 'dpd');
  return {
    ikeVersions: said([2], profile.line),
    authentication: readAuthentication(profile),
    aggressive: byDefault(false),
    ikeProposals: readIkev2Proposals(commands),
    ikeLifetime:
      lifetime === undefined
        ? byDefault({ from: 86_400, to: 86_400 })
        : spanSaid(Number(lifetime.words[0]), lifetime.line),
    localIdentity:
      identity === undefined ? identityOfAddress(ends.localAddress) : said(readIdentity(identity.words), identity.line),
    remoteIdentity: readRemoteIdentity(below),
    dpd: dpd === undefined ? byDefault(false) : said(true, dpd.line),
  };
}

/** `address A`, `fqdn NAME`, `key-id TEXT`, `email TEXT`, `dn`. */
function readIdentity([kind = '', value = '']: readonly string[]): FoundIdentity {
  if (kind === 'address' && isIpAddress(value) && !value.includes(':')) return addressIdentity(value);
  return kind === 'fqdn' ? { kind: 'fqdn', name: value } : { kind: 'other', text: `${kind} ${value}`.trim() };
}

/** `match identity remote address A [MASK]`, `fqdn [domain] NAME`, `any`; the first counts. */
function readRemoteIdentity(below: readonly Command[]): Saying<FoundIdentity> {
  const match = argumentsOf(below, 'match', 'identity', 'remote');
  if (match === undefined) return null;
  const [kind = '', first = '', second] = match.words;
  if (kind === 'any') return said({ kind: 'any' }, match.line);
  if (kind === 'fqdn' && first === 'domain') return said({ kind: 'fqdn-within', domain: second ?? '' }, match.line);
  const length = kind === 'address' && second !== undefined ? maskLength(second) : null;
  const range = length === null ? null : readRange(`${first}/${length}`);
  return said(range === null ? readIdentity(match.words) : { kind: 'address', range }, match.line);
}

function readAuthentication({ below, line }: Command): FoundTunnel['authentication'] {
  const sides = [...commandsOf(below, 'authentication', 'local'), ...commandsOf(below, 'authentication', 'remote')];
  const other = sides.find(({ words }) => words[2] !== 'pre-share');
  return said(sides.length > 0 && other === undefined ? 'psk' : 'other', other?.line ?? sides[0]?.line ?? line);
}

/** `keyring local NAME`; the peer whose address fits; a key for both directions, or one for each. */
export function readIkev2Key(
  below: readonly Command[],
  commands: readonly Command[],
  remote: FoundTunnel['remoteAddress'],
): FoundTunnel['key'] {
  const inline = commandsOf(below, 'authentication').find(({ words }) => words[3] === 'key');
  if (inline !== undefined) return said(keyOf(inline.words.slice(4)), inline.line);
  const name = argumentsOf(below, 'keyring', 'local')?.words[0] ?? argumentsOf(below, 'keyring')?.words[0];
  const keyring = commandsOf(commands, 'crypto', 'ikev2', 'keyring', name ?? '')[0];
  const peer = commandsOf(keyring?.below ?? [], 'peer').find((each) =>
    fits(argumentsOf(each.below, 'address')?.words ?? [], remote),
  );
  const keys = commandsOf(peer?.below ?? [], 'pre-shared-key');
  const key = keys.find(({ words }) => words[1] === 'local') ?? keys.find(({ words }) => words[1] !== 'remote');
  if (key === undefined) return null;
  return said(keyOf(key.words.slice(key.words[1] === 'local' ? 2 : 1)), key.line);
}

/** `[0|6|hex] KEY`: 6 is encrypted. */
export function keyOf(words: readonly string[]): FoundKey {
  const [first = '', second] = words;
  if (second !== undefined && first === '0') return FoundKey.ofText(second);
  if (second !== undefined && (first === '6' || first === '7')) return FoundKey.unreadable;
  if (second !== undefined && first === 'hex') return FoundKey.ofBytes(Uint8Array.from(Buffer.from(second, 'hex')));
  return FoundKey.ofText(first);
}

/** `A`, `A MASK`, `A/LENGTH`: it holds one of the addresses. */
export function fits([address = '', mask]: readonly string[], remote: FoundTunnel['remoteAddress']): boolean {
  const length = mask === undefined ? null : maskLength(mask);
  const range = readRange(length === null ? address : `${address}/${length}`);
  if (range === null || remote?.value.kind !== 'these') return false;
  return remote.value.ranges.some((each) => cidrContains(range, parseIpAddress(each.split('/')[0] ?? '')));
}
