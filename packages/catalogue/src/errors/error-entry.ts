/** One answer to one kind of mistake. Templates hold `{name}` placeholders for the error's details. */
export interface ErrorEntry {
  /** Code on the wire (docs/spec/protocol.md section 6, docs/spec/actions.md). */
  readonly code: string;
  readonly en: string;
  readonly zh: string;
}
