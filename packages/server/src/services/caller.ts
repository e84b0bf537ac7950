import type { Principal } from '../domain/operator/principal.ts';
import type { Scope } from '../domain/owned.ts';
import type { Draft } from '../image/draft.ts';

/** On whose behalf a use case runs, and which call asked for it. */
export interface Caller extends Scope {
  readonly isAdministrator: boolean;
  /** Also the id of the task, when the call is asynchronous. */
  readonly requestId: string;
  readonly principal: Principal;
  readonly call: Call;
  /** What a call that is only to be tried would have changed; null: it is meant. */
  readonly rehearsal: Rehearsal | null;
}

/** What is called, and from where. */
export interface Call {
  readonly service: string;
  readonly action: string;
  readonly remoteAddress: string;
  /** Of what is for people. */
  readonly language: 'zh-CN' | 'en-US';
  /** Ids that the parameters name. */
  readonly resources: readonly string[];
  /** Null: the call may not be repeated without doing it again. */
  readonly repeatable: Repeatable | null;
}

/** A call that its client may send again. */
export interface Repeatable {
  readonly token: string;
  /** The same for the same Action with the same parameters; holds their secrets. */
  readonly content: string;
}

/** Takes what decisions would have changed; nothing of it is committed. */
export interface Rehearsal {
  readonly rehearsed: (draft: Draft) => void;
}
