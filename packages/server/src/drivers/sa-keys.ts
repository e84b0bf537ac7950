import type { Kernel } from './kernel.ts';
import { xfrmEntries } from './leftover-sas.ts';

/** An algorithm as the kernel names it, and its key. */
export interface KeyedAlgorithm {
  /** `rfc4106(gcm(aes))`, `cbc(aes)`, `hmac(sha256)`. */
  readonly name: string;
  /** Hexadecimal; a salt stands at its end. */
  readonly key: string;
  /** Bits of what authenticates a packet; 0 where there is none. */
  readonly icvBits: number;
}

/** What a security association encrypts with. A secret: it reaches no log, no error and no disk. */
export interface SaKeys {
  readonly source: string;
  readonly destination: string;
  /** Eight hexadecimal digits. */
  readonly spi: string;
  readonly ifId: number;
  /** Either this one, or the other two. */
  readonly aead: KeyedAlgorithm | null;
  readonly cipher: KeyedAlgorithm | null;
  readonly integrity: KeyedAlgorithm | null;
}

/** Those of one namespace, as the kernel has them. */
export async function readKernelSaKeys(kernel: Kernel, netns: string, signal: AbortSignal): Promise<SaKeys[]> {
  return parseSaKeys(await kernel.commands.run(['ip', '-n', netns, 'xfrm', 'state', 'list'], { signal }));
}

/** Reads `ip xfrm state list`. */
export function parseSaKeys(text: string): SaKeys[] {
  return xfrmEntries(text).flatMap(({ source, destination, rest }) => {
    const spi = /^\s+proto esp spi 0x([0-9a-f]+)/m.exec(rest)?.[1];
    const ifId = /^\s+if_id 0x([0-9a-f]+)/m.exec(rest)?.[1] ?? '0';
    const aead = algorithmOf(rest, 'aead');
    const cipher = algorithmOf(rest, 'enc');
    const integrity = algorithmOf(rest, 'auth-trunc');
    if (spi === undefined || (aead === null && cipher === null && integrity === null)) return [];
    const named = { source, destination, spi: spi.padStart(8, '0'), ifId: Number.parseInt(ifId, 16) };
    return [{ ...named, aead, cipher, integrity }];
  });
}

/** One without a key has none, or none was shown. */
function algorithmOf(entry: string, kind: string): KeyedAlgorithm | null {
  const found = new RegExp(`^\\s+${kind} (\\S+) 0x([0-9a-f]*)(?: (\\d+))?`, 'm').exec(entry);
  if (found === null) return null;
  const [, name = '', key = '', icvBits = '0'] = found;
  return { name, key, icvBits: Number(icvBits) };
}
