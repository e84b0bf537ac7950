export const partNames = ['throughput', 'tunnels', 'kernel', 'failover', 'routes', 'spread', 'bursts', 'api'] as const;
export type PartName = (typeof partNames)[number];
