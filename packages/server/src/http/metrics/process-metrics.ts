import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Names as every exporter of Node has them: memory, CPU, file descriptors, garbage collection, delay of the event loop. */
export function processMetrics(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'landbridge_build_info',
    help: 'Always 1.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  return registry;
}
