/** Bandwidths on offer, Mbit/s, by class; a gateway stays in its class (docs/spec/semantics.md section 2). */
const bandwidthClasses: readonly (readonly number[])[] = [[5, 10, 20, 50, 100], [200, 500, 1000], [3000]];

export const bandwidths: readonly number[] = bandwidthClasses.flat();

/** True when both belong to the same class. */
export function isSameBandwidthClass(a: number, b: number): boolean {
  return bandwidthClasses.some((group) => group.includes(a) && group.includes(b));
}
