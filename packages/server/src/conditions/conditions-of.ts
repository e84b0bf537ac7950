import type { Condition } from '../domain/operator/condition.ts';
import type { Settings } from '../config/settings.ts';
import type { TunnelObservation } from '../domain/operator/observation.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';

/** What an operator must know of: a missing uplink, what the host lacks, and plans that could not be applied. */
export function conditionsOf({ uplink }: Settings, observed: ObservedState, lagMs: number): Condition[] {
  const uplinkCondition: Condition = {
    name: 'uplink',
    ok: uplink !== null,
    message: uplink === null ? 'no uplink is configured: no VPN gateway can be made' : '',
  };
  const plans = observed.outcomes().map(({ key, error }) => ({ name: key, ok: error === null, message: error ?? '' }));
  const findings = observed.hostFindings();
  const uplinkConditions = findings.some(({ name }) => name === 'uplink') ? [] : [uplinkCondition];
  return [
    ...uplinkConditions,
    ...findings,
    loopCondition(lagMs),
    ...plans,
    ...observed.tunnels().flatMap(checkCondition),
  ];
}

/** A second of ours is one by which a failover comes later. */
const longestLagMs = 1000;

function loopCondition(lagMs: number): Condition {
  const message = `the service was held up for ${lagMs} ms in the last minute: every failover waits for it that long`;
  const ok = lagMs <= longestLagMs;
  return { name: 'event loop', ok, message: ok ? '' : message };
}

function checkCondition({ id, usability }: TunnelObservation): Condition[] {
  if (usability?.healthCheck == null) return [];
  const { state, schedule } = usability.healthCheck;
  const problems = [
    ...(state === 'unknown'
      ? ['no probe was answered yet: does the peer have the remote probe address? It fails no tunnel until then']
      : []),
    ...(schedule.intervalMs === schedule.wantedMs
      ? []
      : [
          `it is probed every ${schedule.intervalMs} ms instead of ${schedule.wantedMs}: ` +
            'the health checks of its gateway are more than can be sent',
        ]),
  ];
  return [{ name: `${id} health check`, ok: problems.length === 0, message: problems.join('; ') }];
}
