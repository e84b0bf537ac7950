import type { ServiceDependencies } from './dependencies.ts';

/**
 * Every call that decides something is a task, whatever it changes and even if it is nothing: its RequestId can be asked for
 * (docs/spec/actions.md, DescribeVpcTaskResult). A decision that knows what has to be looked at says so itself (`recordTask`).
 */
export function decideAsTasks({
  decide,
  clock,
}: Pick<ServiceDependencies, 'decide' | 'clock'>): ServiceDependencies['decide'] {
  return (caller, decision) =>
    decide(caller, (rows) => {
      const { requestId, accountId } = caller;
      const { generation } = rows;
      const about = { vpnGatewayId: null, vpnConnectionId: null };
      rows.record({ kind: 'task', task: { requestId, accountId, ...about, generation, createdAt: clock.now() } });
      return decision(rows);
    });
}
