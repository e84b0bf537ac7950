import type { ErrorReason } from '../errors/error-registry.ts';

/** What every Action that takes tags refuses (docs/spec/actions.md section 0, "TAG group"). */
export const tagErrors: readonly ErrorReason[] = [
  'tag-key-duplicate',
  'tag-key-invalid',
  'tag-value-invalid',
  'tag-key-reserved',
  'tags-too-many',
];
