export const partNames = ['throughput', 'tunnels', 'kernel', 'failover', 'routes', 'spread', 'scale', 'api'] as const;
export type PartName = (typeof partNames)[number];
