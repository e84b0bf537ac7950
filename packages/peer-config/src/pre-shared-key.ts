import type { PeerModel, PeerTunnel } from './peer-model.ts';

/** Stands where the key belongs when the model has none. */
export const keyToFillIn = 'REPLACE_WITH_THE_PRE_SHARED_KEY';

export function keyOf({ preSharedKey }: PeerTunnel): string {
  return preSharedKey ?? keyToFillIn;
}

export function holdsKey({ tunnels }: PeerModel): boolean {
  return tunnels.some(({ preSharedKey }) => preSharedKey !== null);
}

/** What every platform's command line takes as one word: printable ASCII but for quotes, backslash, `?`, and what begins a comment. */
export const plainKey = /^(?![!#])[!#-&(->@-[\]-_a-~]+$/;
export const plainKeyTakes = 'printable ASCII without spaces, quotes, backslash, backtick and ?';

/** Names as DNS has them, what every platform takes as one word. */
export const plainName = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_])?$/;
export const plainNameTakes = 'letters, figures, dots, hyphens and underscores, at most 128';
