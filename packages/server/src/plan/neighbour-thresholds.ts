/**
 * Bounds of the kernel's one neighbour table, which is every namespace's; the values are those of a router with many stations. A
 * full one takes some 100 MB. They can be set in the machine's first namespace only.
 */
export const neighbourThresholds: Readonly<Record<string, number>> = {
  'net.ipv4.neigh.default.gc_thresh2': 131_072,
  'net.ipv4.neigh.default.gc_thresh3': 262_144,
};
