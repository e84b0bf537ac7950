import type { Reply } from '../calls/call.ts';

export type SystemStatus = Reply<'DescribeSystemStatus'>;
