import type { Principal } from '../../domain/operator/principal.ts';
import { refuse } from '../../domain/refusal.ts';
import type { AccessService } from '../../services/operator/access.ts';
import type { Action } from '../action.ts';
import { reject } from './api-error.ts';
import type { NamedResources } from './named-resources.ts';

/** Refuses what is for administrators and the caller is none, and what a policy of the caller does not allow. */
export async function checkPermitted(
  permits: AccessService['permits'],
  principal: Principal,
  { service, action, named }: { readonly service: string; readonly action: Action; readonly named: NamedResources },
): Promise<void> {
  const { effect, forAdministrators } = action.definition;
  if (forAdministrators && !principal.isAdministrator) refuse('administrator-only');
  const ids = named.isAboutResources ? named.ids : [];
  const isAllowed = await permits(principal, { service, action: action.name, effect, ids });
  if (!isAllowed) reject('access-denied', { action: action.name });
}
