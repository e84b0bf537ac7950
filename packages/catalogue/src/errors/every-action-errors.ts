import type { ErrorReason } from './error-registry.ts';
import { protocolErrors } from './protocol-errors.ts';

/** Found in parameters that only some Actions have. */
const ofSomeActions: ReadonlySet<string> = new Set([
  'feature-not-built',
  'dry-run',
  'preview-of-unknown',
  'algorithm-unsupported',
  'parameter-mismatch',
  'community-not-offered',
  'parameters-exclude-each-other',
  'filter-unknown',
  'filter-not-object',
  'filter-values-not-list',
  'filter-incomplete',
  'tag-key-duplicate',
  'tag-key-invalid',
  'tag-value-invalid',
  'tags-too-many',
  'tag-key-reserved',
  'resource-name-malformed',
  'resource-prefix-unknown',
  'service-type-unknown',
  'resource-tag-key-empty',
  'resource-tag-key-too-long',
  'resource-tag-value-too-long',
  'resource-tag-key-reserved',
  'resource-tag-both-ways',
  'resource-tag-given-twice',
  'pagination-token-malformed',
  'gateway-needs-vpc',
  'gateway-takes-no-vpc',
] satisfies ErrorReason[]);

/** What every Action may answer, whatever it does: the request is not signed, a parameter is missing, the disk is full. */
export const everyActionErrors: readonly ErrorReason[] = [
  ...(Object.keys(protocolErrors) as (keyof typeof protocolErrors)[]).filter((reason) => !ofSomeActions.has(reason)),
  'region-not-offered',
];
