import type { AuditPage, AuditSelection } from '../../domain/operator/audit-event.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type AuditService = ReturnType<typeof auditService>;

export function auditService({ read, logs }: ServiceDependencies) {
  return {
    /** The caller's account's own; an administrator asks for those of any account, or of all of them and of nobody's. */
    list: async (
      caller: Caller,
      accountName: string | undefined,
      selection: Omit<AuditSelection, 'accountId'>,
    ): Promise<AuditPage & { readonly nameOf: (accountId: string) => string }> => {
      const { accountId, nameOf } = await read((rows) => {
        const named = accountName === undefined ? undefined : rows.accounts.of('name', accountName)[0];
        if (accountName !== undefined && named?.id !== caller.accountId && !caller.isAdministrator) {
          refuse('administrator-only');
        }
        const everybody = caller.isAdministrator ? undefined : caller.accountId;
        return {
          accountId: accountName === undefined ? everybody : orNotFound(named, accountName).id,
          nameOf: (id: string) => rows.accounts.get(id)?.name ?? '',
        };
      });
      return { ...(await logs.audit.page({ ...selection, accountId })), nameOf };
    },
  };
}
