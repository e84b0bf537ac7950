import { isAead } from './esp-overhead.ts';
import type { DhGroup, Encryption, EspOptions, IkeOptions, Integrity } from './vpn-connection.ts';

const weakEncryption: readonly Encryption[] = ['des', '3des', 'null'];
const weakIntegrity: readonly Integrity[] = ['md5', 'sha1'];
const weakGroups: readonly DhGroup[] = [1, 2, 5, 24];

export type WeakOption =
  | 'ike.encryption'
  | 'ike.integrity'
  | 'ike.dhGroup'
  | 'ike.aggressive'
  | 'esp.encryption'
  | 'esp.integrity'
  | 'esp.pfsGroup';

/** The options of a tunnel that RFC 8247 and RFC 8221 advise against; empty when all are sound. */
export function weakOptions({ ike, esp }: { readonly ike: IkeOptions; readonly esp: EspOptions }): WeakOption[] {
  const judged: readonly (readonly [WeakOption, boolean])[] = [
    ['ike.encryption', weakEncryption.includes(ike.encryption)],
    ['ike.integrity', weakIntegrity.includes(ike.integrity)],
    ['ike.dhGroup', weakGroups.includes(ike.dhGroup)],
    ['ike.aggressive', ike.version === 1 && ike.aggressive],
    ['esp.encryption', weakEncryption.includes(esp.encryption)],
    ['esp.integrity', !isAead(esp.encryption) && weakIntegrity.includes(esp.integrity)],
    ['esp.pfsGroup', esp.pfsGroup !== null && weakGroups.includes(esp.pfsGroup)],
  ];
  return judged.filter(([, isWeak]) => isWeak).map(([name]) => name);
}
