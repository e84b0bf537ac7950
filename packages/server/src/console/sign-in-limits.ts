import type { Clock } from '../platform/clock.ts';

/** Failed attempts that may come at once, and after how long there is one more. */
const burst = { address: 10, key: 20 } as const;
const refillMs = 10_000;
/** Beyond this number those are forgotten that have all their attempts back; then the oldest, until there is room for a while. */
const mostKnown = 10_000;
const keptOfTooMany = 9000;

interface Failures {
  count: number;
  /** Of the clock's `elapsed`. */
  at: number;
}

/**
 * How often somebody may be wrong: from one address, and about one key. Only failures count, so that those who share an address, as behind
 * a proxy, do not hinder each other by signing in.
 */
export class SignInLimits {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  /** Whole seconds to wait; 0: go ahead. */
  waitSeconds(address: string, keyId: string): number {
    const waits = [this.#count(ofAddress(address)) + 1 - burst.address, this.#count(ofKey(keyId)) + 1 - burst.key].map(
      (tooMany) => Math.ceil((tooMany * refillMs) / 1000),
    );
    return Math.max(0, ...waits);
  }

  failed(address: string, keyId: string): void {
    for (const who of [ofAddress(address), ofKey(keyId)]) {
      const count = this.#count(who) + 1;
      this.#failures.delete(who);
      this.#failures.set(who, { count, at: this.#clock.elapsed() });
    }
    this.#forget();
  }

  /** Those that have not been made good by time. */
  #count(who: string): number {
    const known = this.#failures.get(who);
    if (known === undefined) return 0;
    return Math.max(0, known.count - (this.#clock.elapsed() - known.at) / refillMs);
  }

  #forget(): void {
    if (this.#failures.size <= mostKnown) return;
    for (const who of this.#failures.keys()) if (this.#count(who) === 0) this.#failures.delete(who);
    for (const who of this.#failures.keys()) {
      if (this.#failures.size <= keptOfTooMany) return;
      this.#failures.delete(who);
    }
  }
}

/** Who has an IPv6 address has a network of them. */
function ofAddress(address: string): string {
  const isIpv6 = address.includes(':') && !address.includes('.');
  return `address ${isIpv6 ? firstGroups(address) : address}`;
}

/** The /64, whatever way it is written: as Node writes it, zeros are left out at one place only. */
function firstGroups(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  if (tail !== undefined) {
    const after = tail.split(':').filter((group) => group !== '');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return groups.slice(0, 4).join(':');
}

/** What may be typed is anything. */
function ofKey(keyId: string): string {
  return `key ${keyId.slice(0, 80)}`;
}
