import { Gauge, Registry } from 'prom-client';

/** Of a service that changes nothing until somebody looks after it, and knows nothing of its rows. */
export function heldMetrics(): Registry {
  const registry = new Registry();
  recordHold(registry, true);
  return registry;
}

export function recordHold(registry: Registry, isHeld: boolean): void {
  const help = '1: everything is held as it is, `landbridge status` says why.';
  new Gauge({ name: 'landbridge_held', help, registers: [registry] }).set(Number(isHeld));
}
