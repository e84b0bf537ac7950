import type { IpAddress } from '@landbridge/net';
import { refuse } from '../refusal.ts';
import type { Identity, IkeOptions } from './vpn-connection.ts';

/** An identity as a caller changes it: what is left out stays, as long as the kind stays. */
export interface IdentityPatch {
  readonly kind?: Identity['kind'];
  readonly address?: IpAddress;
  readonly name?: string;
}

export type IkePatch = Partial<Omit<IkeOptions, 'localIdentity' | 'remoteIdentity'>> & {
  readonly localIdentity?: IdentityPatch;
  readonly remoteIdentity?: IdentityPatch;
};

/**
 * The options with the caller's changes. Refuses what can never come up: AEAD ciphers in IKEv1, and an FQDN identity of
 * our own without the name. A missing name of the peer falls back to its address.
 */
export function patchIke(base: IkeOptions, patch: IkePatch): IkeOptions {
  const { localIdentity, remoteIdentity, ...rest } = patch;
  const ike: IkeOptions = {
    ...base,
    ...rest,
    localIdentity: patchIdentity(base.localIdentity, localIdentity ?? {}),
    remoteIdentity: patchIdentity(base.remoteIdentity, remoteIdentity ?? {}),
  };
  if (ike.version === 1 && ike.encryption.includes('gcm')) refuse('aead-needs-ikev2');
  if (ike.localIdentity.kind === 'fqdn' && ike.localIdentity.value === null) refuse('local-name-missing');
  return ike;
}

function patchIdentity(current: Identity, { kind = current.kind, address, name }: IdentityPatch): Identity {
  if (kind === 'fqdn') return { kind, value: name ?? (current.kind === 'fqdn' ? current.value : null) };
  return { kind, value: address ?? (current.kind === 'address' ? current.value : null) };
}
