import type { WirePolicy } from '@landbridge/catalogue/operator/access-policy';
import type { AccessPolicy } from '../../../domain/operator/access-policy.ts';

/** Policies of access keys, as they are written down. */
export function readPolicy({ Statements: statements, ShowsSecrets: showsSecrets = false }: WirePolicy): AccessPolicy {
  return {
    statements: statements.map(({ Access, Actions, Resources, Tags }) => ({
      access: Access,
      ...(Actions && { actions: Actions }),
      ...(Resources && { resources: Resources }),
      ...(Tags && { tags: Tags.map(({ Key, Value }) => ({ key: Key, value: Value })) }),
    })),
    showsSecrets,
  };
}

export function wirePolicy({ statements, showsSecrets }: AccessPolicy): WirePolicy {
  return {
    Statements: statements.map(({ access, actions, resources, tags }) => ({
      Access: access,
      ...(actions && { Actions: [...actions] }),
      ...(resources && { Resources: [...resources] }),
      ...(tags && { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
    })),
    ShowsSecrets: showsSecrets,
  };
}
