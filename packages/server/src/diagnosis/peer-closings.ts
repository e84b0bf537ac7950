/** So many within this time, and the peer does nothing else. */
const mostClosings = 4;
const withinMs = 120_000;
/** charon says that the peer closes something, and that a CHILD_SA is gone, on two ways: either may come first. */
const togetherMs = 2000;

/** How often a peer closed what carried packets. A renewal is none: its CHILD_SA goes when another one is there. */
export class PeerClosings {
  #times: readonly number[] = [];
  #saidAt = -Infinity;
  #goneAt = -Infinity;

  /** The peer closes an SA. */
  noteSaid(now: number): void {
    this.#saidAt = now;
    this.#join(now);
  }

  /** A CHILD_SA is gone that nothing replaces. */
  noteGone(now: number): void {
    this.#goneAt = now;
    this.#join(now);
  }

  isChurning(now: number): boolean {
    const [first] = this.#times;
    return this.#times.length === mostClosings && first !== undefined && now - first <= withinMs;
  }

  #join(now: number): void {
    if (now - Math.min(this.#saidAt, this.#goneAt) > togetherMs) return;
    this.#times = [...this.#times, now].slice(-mostClosings);
    this.#saidAt = -Infinity;
    this.#goneAt = -Infinity;
  }
}
