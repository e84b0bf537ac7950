import type { FoundKey } from './found-key.ts';
import { said, type FoundIdentity, type Saying } from './found-tunnel.ts';

export interface Secret {
  readonly line: number;
  readonly key: FoundKey;
  /** Whose key it is, as texts that can be compared; empty: anybody's. */
  readonly owners: ReadonlySet<string>;
}

export function secretOf(key: FoundKey, owners: readonly FoundIdentity[], line: number): Secret {
  return { line, key, owners: new Set(owners.filter(({ kind }) => kind !== 'any').map(textOf)) };
}

const indexes = new WeakMap<readonly Secret[], ReadonlyMap<string, readonly Secret[]>>();

/** As IKE daemons do: the one whose owners fit both ends, then the other end, then this end, then one without owners. */
export function chooseSecret(
  secrets: readonly Secret[],
  local: Saying<FoundIdentity>,
  remote: Saying<FoundIdentity>,
): Saying<FoundKey> {
  const index = indexes.get(secrets) ?? indexOf(secrets);
  indexes.set(secrets, index);
  const [localText, remoteText] = [local, remote].map((identity) => (identity === null ? '' : textOf(identity.value)));
  const theirs = index.get(remoteText ?? '') ?? [];
  const both = theirs.find(({ owners }) => owners.has(localText ?? ''));
  const best = both ?? theirs[0] ?? index.get(localText ?? '')?.[0] ?? index.get(anybody)?.[0];
  return best === undefined ? null : said(best.key, best.line);
}

const anybody = 'anybody';

function indexOf(secrets: readonly Secret[]): ReadonlyMap<string, readonly Secret[]> {
  const index = new Map<string, Secret[]>();
  for (const secret of secrets) {
    for (const owner of secret.owners.size === 0 ? [anybody] : secret.owners) {
      const known = index.get(owner);
      if (known === undefined) index.set(owner, [secret]);
      else known.push(secret);
    }
  }
  return index;
}

function textOf(identity: FoundIdentity): string {
  return JSON.stringify(identity);
}
