/** What counters and probes say from one look to the next. */
export const watchedFaults = [
  'esp-not-received',
  'esp-not-delivered',
  'peer-network-silent',
  'probe-never-answered',
  'probe-no-longer-answered',
  'traffic-outside-mappings',
  'sources-dropped',
] as const;

export type WatchedFault = (typeof watchedFaults)[number];

/** What keeps packets from passing a tunnel that is agreed upon. */
export const dataPlaneFindings = [...watchedFaults, 'path-mtu-hole'] as const;
