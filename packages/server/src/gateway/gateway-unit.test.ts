import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { FakeCharon } from '../../testing/fake-charon.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { defaultHoldDown } from '../domain/vpn/tunnel-usability.ts';
import { DaemonProcesses } from '../drivers/daemons/daemon-processes.ts';
import { gatewayPaths } from '../drivers/gateway-paths.ts';
import { systemKernel } from '../drivers/kernel.ts';
import { GatewayUnit } from './gateway-unit.ts';

/** What each part was handed. */
const handed = vi.hoisted(() => new Map<string, object>());

vi.mock(import('./gateway-monitor.ts'), async (load) => {
  const { GatewayMonitor } = await load();
  return { GatewayMonitor: noting('monitor', GatewayMonitor) };
});
vi.mock(import('./gateway-probes.ts'), async (load) => {
  const { GatewayProbes } = await load();
  return { GatewayProbes: noting('probes', GatewayProbes) };
});
vi.mock(import('./tunnel-failover.ts'), async (load) => {
  const { TunnelFailover } = await load();
  return { TunnelFailover: noting('failover', TunnelFailover) };
});
vi.mock(import('./gateway-connections.ts'), async (load) => {
  const { GatewayConnections } = await load();
  return { GatewayConnections: noting('connections', GatewayConnections) };
});

function noting<O extends object, T>(name: string, part: new (options: O) => T): new (options: O) => T {
  return new Proxy(part, {
    construct: (target, args: [O]) => {
      handed.set(name, args[0]);
      return new target(...args) as object;
    },
  });
}

test('the keys are handed to the connections, and to no other part of a gateway', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-unit-'));
  const source = {
    preSharedKey: () => Promise.resolve('a key'),
    preSharedKeyDigest: () => Promise.resolve('digest'),
  };
  try {
    const unit = new GatewayUnit({
      key: 'vpngw-gateway1',
      ...{ source, netns: 'lb-vpngw-gateway1', paths: gatewayPaths(dataDir, 'vpngw-gateway1') },
      ...{ kernel: systemKernel(), dataPlane: 'kernel', espAlwaysInUdp: false, pathMtu: 1500 },
      binaries: { charon: 'charon', uxfrm: 'uxfrm', uxfrmShim: '/lib/shim.so', uxprobe: 'uxprobe' },
      ...{ observed: new ObservedState(), clock: new FakeClock(), logger: pino({ level: 'silent' }) },
      ...{ holdDown: defaultHoldDown, onDeath: () => undefined, record: () => undefined, isServed: () => false },
      processes: new DaemonProcesses(),
      createDaemons: (options) => {
        handed.set('daemons', options);
        return new FakeCharon().daemons;
      },
    });
    const holders = [...handed].filter(([, options]) => Object.values(options).includes(source));
    expect([[...handed.keys()].sort(), holders.map(([name]) => name)]).toEqual([
      ['connections', 'daemons', 'failover', 'monitor', 'probes'],
      ['connections'],
    ]);
    await unit.disconnect();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
