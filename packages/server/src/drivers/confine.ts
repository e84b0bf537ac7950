import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('confined.sh', import.meta.url));

/** The user id that owns nothing. */
export const nobody = 65534;

/** What a program that faces the internet has of the host. */
export interface Confinement {
  /** Capabilities, in the words of setpriv(1). */
  readonly capabilities: readonly string[];
  /** The one directory of the host that it may write to; null: none. */
  readonly sharedDirectory: string | null;
  /** Its /etc/strongswan.conf; null: none. */
  readonly strongswanConf: string | null;
  /** Library to preload. */
  readonly preload: string | null;
}

/** Argument vector that runs the program confined; it must be called in a mount namespace made for it. */
export function confined(argv: readonly string[], confinement: Confinement): string[] {
  const { capabilities, sharedDirectory, strongswanConf, preload } = confinement;
  const kept = capabilities.map((name) => `+${name}`).join(',');
  return ['sh', script, kept, sharedDirectory ?? '', strongswanConf ?? '', preload ?? '', ...argv];
}
