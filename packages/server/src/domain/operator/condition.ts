/** A named fact about the host or the program that is true or not. */
export interface Condition {
  readonly name: string;
  readonly ok: boolean;
  /** For people: what is wrong and what to do; empty when nothing is. */
  readonly message: string;
}
