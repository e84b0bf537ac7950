export const partNames = [
  'throughput',
  'tunnels',
  'kernel',
  'failover',
  'routes',
  'spread',
  'scale',
  'watched',
  'api',
] as const;
export type PartName = (typeof partNames)[number];
