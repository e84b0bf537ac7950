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
  'console',
] as const;
export type PartName = (typeof partNames)[number];
