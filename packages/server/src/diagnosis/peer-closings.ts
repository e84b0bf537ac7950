/** So many within this time, and the peer does nothing else. */
const mostClosings = 4;
const withinMs = 120_000;

/** How often a peer closed what carried packets. A renewal closes nothing: what replaces it is there first. */
export class PeerClosings {
  #times: readonly number[] = [];

  note(now: number): void {
    this.#times = [...this.#times, now].slice(-mostClosings);
  }

  isChurning(now: number): boolean {
    const [first] = this.#times;
    return this.#times.length === mostClosings && first !== undefined && now - first <= withinMs;
  }
}
