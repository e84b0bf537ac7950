import type { AccessPolicy } from '../../domain/operator/access-policy.ts';
import { newAccessKey } from '../../domain/operator/account.ts';
import { isTemporary } from '../../domain/operator/principal.ts';
import type { TokenContent } from '../../domain/operator/temporary-credentials.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface TemporaryCredentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token: string;
  readonly expiresAt: number;
}

export type TemporaryCredentialsService = ReturnType<typeof temporaryCredentialsService>;

export function temporaryCredentialsService({ decide, sealing, clock, ids }: ServiceDependencies) {
  return {
    /**
     * For the caller's account, with at most what the caller's key may do. Nothing is kept of them: the token holds everything,
     * sealed, and is worth nothing once the key is gone. That they were made is in the audit log.
     */
    create: (caller: Caller, lifetimeSeconds: number, policy: AccessPolicy | null): Promise<TemporaryCredentials> =>
      decide(caller, () => {
        if (isTemporary(caller.principal)) refuse('temporary-credentials-by-temporary');
        const { secretId, secretKey } = newAccessKey(ids);
        const expiresAt = clock.now() + lifetimeSeconds * 1000;
        const content: TokenContent = { secretKey, keyId: caller.principal.keyId, policy, expiresAt };
        const token = sealing.seal(`temporary-credentials:${secretId}`, JSON.stringify(content));
        return { secretId, secretKey, token, expiresAt };
      }),
  };
}
