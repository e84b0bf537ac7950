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

/** As IKE daemons do: the one whose owners fit both ends best, then one end, then one without owners. */
export function chooseSecret(
  secrets: readonly Secret[],
  local: Saying<FoundIdentity>,
  remote: Saying<FoundIdentity>,
): Saying<FoundKey> {
  const [localText, remoteText] = [local, remote].map((identity) => (identity === null ? '' : textOf(identity.value)));
  const rank = ({ owners }: Secret): number => {
    if (owners.size === 0) return 0.5;
    return (owners.has(remoteText ?? '') ? 2 : 0) + (owners.has(localText ?? '') ? 1 : 0);
  };
  let best: { readonly secret: Secret; readonly rank: number } | null = null;
  for (const secret of secrets) {
    const own = rank(secret);
    if (own > (best?.rank ?? 0)) best = { secret, rank: own };
  }
  return best === null ? null : said(best.secret.key, best.secret.line);
}

function textOf(identity: FoundIdentity): string {
  return JSON.stringify(identity);
}
