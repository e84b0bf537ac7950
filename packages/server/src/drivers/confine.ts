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

/**
 * Argument vector that runs a program as nobody, in a root without files of ours, with no right but to open a raw socket. Each program
 * becomes the next one, so that signals reach it; the kernel ends it when whoever started it is gone.
 */
export function withRawSocketAlone(argv: readonly string[]): string[] {
  const id = String(nobody);
  return [
    ...['unshare', '--mount', '--ipc', '--uts', '--'],
    ...confined(
      [
        ...['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--bounding-set=-all,+net_raw'],
        ...['--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw', '--pdeathsig', 'KILL', '--'],
        ...argv,
      ],
      {
        ...{ sharedDirectory: null, strongswanConf: null, preload: null },
        capabilities: ['net_raw', 'setuid', 'setgid', 'setpcap'],
      },
    ),
  ];
}
