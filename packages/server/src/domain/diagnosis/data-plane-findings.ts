/** What keeps packets from passing a tunnel that is agreed upon. */
export const dataPlaneFindings = [
  'esp-not-received',
  'esp-not-delivered',
  'peer-network-silent',
  'probe-never-answered',
  'probe-no-longer-answered',
  'traffic-outside-mappings',
  'sources-dropped',
] as const;

export type DataPlaneFinding = (typeof dataPlaneFindings)[number];
