import type { DpdOptions, EspOptions, HealthCheck, IkeOptions } from './vpn-connection.ts';

/** Which values an option takes when the caller leaves it out. */
export type DefaultsProfile = 'modern' | 'vendor';

const natural = { kind: 'address', value: null } as const;

/** Options of an IKE_SA. IKEv1 knows no AEAD in phase 1 (RFC 5282), so its modern cipher is a CBC one. */
export function defaultIke(profile: DefaultsProfile, version: 1 | 2 | undefined): IkeOptions {
  const common = { aggressive: false, lifetimeSeconds: 86_400, localIdentity: natural, remoteIdentity: natural };
  if (profile === 'vendor') {
    return { ...common, version: version ?? 1, encryption: '3des', integrity: 'sha1', dhGroup: 1 };
  }
  const chosen = version ?? 2;
  const encryption = chosen === 2 ? 'aes256gcm16' : 'aes256';
  return { ...common, version: chosen, encryption, integrity: 'sha256', dhGroup: 19 };
}

/** Options of a CHILD_SA; lifetimes are the documented ones in both profiles. */
export function defaultEsp(profile: DefaultsProfile): EspOptions {
  const lifetimes = { lifetimeSeconds: 14_400, lifetimeKilobytes: 4_096_000_000 };
  return profile === 'vendor'
    ? { ...lifetimes, encryption: 'aes128', integrity: 'sha1', pfsGroup: null }
    : { ...lifetimes, encryption: 'aes256gcm16', integrity: 'sha256', pfsGroup: 19 };
}

/** The vendor's two documents disagree about the action; `restart` is what its request documentation says. */
export function defaultDpd(profile: DefaultsProfile): DpdOptions {
  return { enabled: profile === 'modern', timeoutSeconds: 30, action: 'restart' };
}

export const defaultHealthCheck: HealthCheck = {
  enabled: false,
  localAddress: null,
  remoteAddress: null,
  intervalMs: 5000,
  threshold: 3,
  timeoutMs: 150,
};
