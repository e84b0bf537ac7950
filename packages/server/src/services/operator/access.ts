import { allows, type AccessRequest, type NamedResource } from '../../domain/operator/access-policy.ts';
import type { Principal } from '../../domain/operator/principal.ts';
import type { Tag } from '../../domain/owned.ts';
import type { Rows } from '../../image/rows.ts';
import type { TableName } from '../../image/tables.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { tablesByPrefix } from '../tables-by-prefix.ts';
import { sees } from '../visible-rows.ts';

export type AccessService = ReturnType<typeof accessService>;

export function accessService({ read }: ServiceDependencies) {
  return {
    /** Whether every policy of the caller allows the call. Without one nothing is looked up. */
    permits: async (
      principal: Principal,
      { ids, ...call }: Omit<AccessRequest, 'resources'> & { readonly ids: readonly string[] },
    ): Promise<boolean> => {
      if (principal.policies.length === 0) return true;
      const resources = await read((rows) => ids.map((id) => namedResource(rows, principal, id)));
      return principal.policies.every((policy) => allows(policy, { ...call, resources }));
    },
  };
}

interface AnyResource {
  readonly id: string;
  readonly accountId: string;
  readonly tags?: readonly Tag[];
  readonly vpcId?: string | null;
  readonly vpnGatewayId?: string;
  readonly ccnId?: string;
  readonly directConnectGatewayId?: string;
}

/** What does not exist, or is another's, is its id and nothing more. */
function namedResource(rows: Rows, principal: Principal, id: string): NamedResource {
  const resource = find(rows, principal, id);
  if (resource === undefined) return { ids: [id], tags: [] };
  const { vpnGatewayId, ccnId, directConnectGatewayId, vpcId } = resource;
  const holders = [vpnGatewayId, ccnId, directConnectGatewayId, vpcId].filter((holder) => holder != null);
  // What cannot have tags has those of what it belongs to.
  const [holder = ''] = holders;
  return { ids: [id, ...holders], tags: resource.tags ?? find(rows, principal, holder)?.tags ?? [] };
}

function find(rows: Rows, principal: Principal, id: string): AnyResource | undefined {
  const prefix = id.slice(0, id.indexOf('-'));
  const table = (tablesByPrefix as Readonly<Record<string, TableName>>)[prefix];
  const row = table === undefined ? undefined : (rows[table].get(id) as AnyResource | undefined);
  return row !== undefined && sees(principal, row) ? row : undefined;
}
