import type { CcnInstance } from './ccn.ts';
import type { Owned } from '../owned.ts';
import type { CcnId } from '../resource-id.ts';

/** Asks the owner of another account's CCN to attach an instance. Nothing is carried before the owner accepts. */
export interface CcnAttachmentRequest extends Owned {
  readonly ccnId: CcnId;
  readonly instance: CcnInstance;
  readonly description: string;
  readonly isRejected: boolean;
}

export type RequestState = 'pending' | 'rejected' | 'expired';

const lifetimeMs = 7 * 24 * 60 * 60 * 1000;

/** An unanswered request expires after seven days (docs/spec/actions.md, AttachCcnInstances). */
export function requestState({ isRejected, createdAt }: CcnAttachmentRequest, now: number): RequestState {
  if (isRejected) return 'rejected';
  return now - createdAt > lifetimeMs ? 'expired' : 'pending';
}
