declare const durationBrand: unique symbol;
/** A span of time as a number of milliseconds, finite and not negative; may have a fraction. */
export type Duration = number & { readonly [durationBrand]: true };

/** Throws RangeError when `count` is negative, NaN or infinite. */
export function milliseconds(count: number): Duration {
  if (!Number.isFinite(count) || count < 0) {
    throw new RangeError(`a duration is finite and not negative: ${count} ms`);
  }
  return count as Duration;
}

export function seconds(count: number): Duration {
  return milliseconds(count * 1000);
}

export function minutes(count: number): Duration {
  return milliseconds(count * 60_000);
}

/** Seconds, with a fraction when the duration is no whole number of them. */
export function toSeconds(duration: Duration): number {
  return duration / 1000;
}
