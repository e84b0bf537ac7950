import { text } from 'node:stream/consumers';
import { request, type IncomingMessage } from 'node:http';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness } from '../../../testing/api-harness.ts';
import { FakeClock } from '../../../testing/fake-clock.ts';
import { sampleRoom } from '../../../testing/sample-capacity.ts';
import type { TunnelObservation } from '../../domain/operator/observation.ts';
import { Door } from '../doors.ts';
import { Monitoring } from '../monitoring.ts';
import { CallMetrics } from './call-metrics.ts';
import { heldMetrics } from './held-metrics.ts';
import { processMetrics } from './process-metrics.ts';
import { serviceMetrics, type ServiceNumbers } from './service-metrics.ts';

function tunnel(number: number, connected: boolean | null, isUsable = true): TunnelObservation {
  const ofSas = { ikeEstablished: true, children: {}, lastError: null, changedAt: 0 };
  return {
    id: `vpnx-${String(number).padStart(8, '0')}`,
    sas: connected === null ? null : { ...ofSas, connected },
    usability: { fault: isUsable ? null : 'no-child-sa', healthCheck: null },
    traffic: null,
    findings: [],
  };
}

const someNumbers: ServiceNumbers = {
  generation: () => 42,
  rowCounts: () => [
    ['vpcs', 3],
    ['subnets', 0],
  ],
  waitingDecisions: () => 5,
  isAgentHeard: () => true,
  tunnelCount: () => 4,
  tunnels: () => [tunnel(1, true), tunnel(2, false, false), tunnel(3, null)],
  failedPlans: () => 1,
  room: () => sampleRoom,
};

async function textOf(numbers: ServiceNumbers): Promise<string> {
  const registry = new Registry();
  serviceMetrics(registry, numbers);
  return registry.metrics();
}

const series = (page: string) => page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('how the service is', () => {
  it('is told in numbers that are at hand', async () => {
    expect(series(await textOf(someNumbers))).toEqual([
      'landbridge_held 0',
      'landbridge_image_generation 42',
      'landbridge_decisions_waiting 5',
      'landbridge_agent_connected 1',
      'landbridge_plans_failed 1',
      'landbridge_rows{table="vpcs"} 3',
      'landbridge_rows{table="subnets"} 0',
      'landbridge_capacity_more{kind="gateways",resource="memory"} 3',
      'landbridge_capacity_more{kind="tunnels",resource="tracked-connections"} 20',
      'landbridge_tunnels{state="up"} 1',
      'landbridge_tunnels{state="down"} 1',
      'landbridge_tunnels{state="unknown"} 2',
      'landbridge_tunnels_unusable 1',
    ]);
  });

  it('tells nothing of a host that nobody looks at', async () => {
    expect(series(await textOf({ ...someNumbers, room: () => null })).join()).not.toContain('landbridge_capacity_more');
  });

  it('is as many series with ten thousand tunnels as with none', async () => {
    const many = Array.from({ length: 10_000 }, (_, number) => tunnel(number, number % 3 === 0));
    const full = await textOf({ ...someNumbers, tunnels: () => many, tunnelCount: () => many.length });
    const empty = await textOf({ ...someNumbers, tunnels: () => [], tunnelCount: () => 0 });
    expect(series(full)).toHaveLength(series(empty).length);
    expect(full).not.toContain('vpnx-');
    expect(full).toContain('landbridge_tunnels{state="up"} 3334\n');
  });
});

describe('calls', () => {
  it('are counted by Action and code, timed once they were let through, and by the limit that refused them', async () => {
    const registry = new Registry();
    const calls = new CallMetrics(registry);
    const facts = { service: 'vpc', action: 'DescribeVpcs', accountId: 'a', secretId: 'AKID', region: 'r' };
    const requestId = 'r';
    calls.answered({ requestId, facts: { ...facts, admitted: true }, code: '', reason: '', durationMs: 3 });
    calls.answered({ requestId, facts, code: 'RequestLimitExceeded', reason: 'rate-limited', durationMs: 1 });
    const page = await registry.metrics();
    expect(page).toContain('landbridge_api_calls_total{service="vpc",action="DescribeVpcs",code="OK"} 1');
    expect(page).toContain(
      'landbridge_api_calls_total{service="vpc",action="DescribeVpcs",code="RequestLimitExceeded"} 1',
    );
    expect(page).toContain('landbridge_api_call_duration_seconds_count{service="vpc",action="DescribeVpcs"} 1');
    expect(page).toContain('landbridge_api_call_duration_seconds_sum{service="vpc",action="DescribeVpcs"} 0.003');
    expect(page).toContain('landbridge_api_limits_hit_total{limit="rate-limited"} 1');
  });

  it('of strangers make no series, and none holds what a caller sent', async () => {
    const api = await startHarness({ rateLimit: 3 });
    try {
      const stranger = { secretId: `AKID${'x'.repeat(32)}`, secretKey: 'nobody' };
      const actions = ['DescribeVpcs', 'CreateVpc', 'DescribeCcns', 'NoSuchAction', 'vpcsecret"}\n'];
      const sizes: number[] = [];
      for (const action of actions) {
        await api.app.inject({ method: 'POST', url: '/', headers: { 'x-tc-action': 'A', host: 'h' }, payload: action });
        await api.call('DescribeVpcs', {}, { credential: stranger });
        await api.call(actions[0]!, {}, { credential: stranger, region: `r${sizes.length}` });
        sizes.push(series(await api.metrics.metrics()).length);
      }
      expect(new Set(sizes.slice(1)).size).toBe(1);
      const page = await api.metrics.metrics();
      expect(page).toContain('landbridge_api_calls_total{service="",action="",code="AuthFailure.SecretIdNotFound"} 10');
      expect(page).not.toMatch(/AKID|vpcsecret|NoSuchAction/);
      await Promise.all(Array.from({ length: 5 }, () => api.call('DescribeVpcs')));
      expect(await api.metrics.metrics()).toContain('landbridge_api_limits_hit_total{limit="rate-limited"} 2');
    } finally {
      await api.close();
    }
  });
});

describe('GET /metrics', () => {
  let clock: FakeClock;
  let monitoring: Monitoring;
  let reads: number;
  let pieces: string[];
  /** As in slices, some of them empty. */
  const made = (name: string) => {
    pieces.push(name);
    return Promise.resolve([`# TYPE ${name} gauge\n`, `${name}{id="a"} 1\n`, '', `${name}{id="b"} 1\n`, '']);
  };
  beforeEach(async () => {
    clock = new FakeClock();
    reads = 0;
    pieces = [];
    const registry = processMetrics('1.2.3');
    serviceMetrics(registry, { ...someNumbers, generation: () => (reads += 1) });
    const health = { readConditions: () => [], clock };
    monitoring = await Monitoring.start(new Door({ host: '127.0.0.1', port: 0 }), {
      health,
      metrics: {
        registry,
        tunnels: { text: () => made('landbridge_tunnel_up'), strongswanText: () => made('ipsec_up') },
        clock,
      },
    });
  });
  afterEach(() => monitoring[Symbol.asyncDispose]());

  async function ask(path: string, method = 'GET'): Promise<[number | undefined, string, string]> {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      request(new URL(path, monitoring.url), { method, agent: false }, resolve).on('error', reject).end();
    });
    return [message.statusCode, message.headers['content-type'] ?? '', await text(message)];
  }

  it('is text as Prometheus reads it, with what every exporter of Node has', async () => {
    const [status, type, page] = await ask('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds', 'process_open_fds']) {
      expect(page).toMatch(new RegExp(`^# TYPE ${name} gauge$`, 'm'));
      expect(page).toMatch(new RegExp(`^${name} \\d`, 'm'));
    }
    expect(page).toContain('landbridge_build_info{version="1.2.3"} 1');
    for (const line of series(page)) expect(line).toMatch(/^[a-z_0-9]+(\{([a-z]+="[^"\\]*",?)+\})? (-?[\d.e+-]+|Nan)$/);
    expect(new Set(series(page).map((line) => line.replace(/ [^ ]+$/, ''))).size).toBe(series(page).length);
  });

  it('is made once a second, however many ask', async () => {
    const pages = await Promise.all(Array.from({ length: 100 }, () => ask('/metrics')));
    expect(new Set(pages.map(([status]) => status))).toEqual(new Set([200]));
    expect(reads).toBe(1);
    await clock.advance(1000);
    await ask('/metrics');
    expect(reads).toBe(2);
  });

  it('has series of each tunnel, unless they are not wanted, and the names of others where they are', async () => {
    const names = async (query: string) => {
      const [status, type, page] = await ask(`/metrics${query}`);
      expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
      return series(page).flatMap((line) =>
        (/^(landbridge_tunnel_up|ipsec_up|landbridge_held)/.exec(line) ?? []).slice(1),
      );
    };
    expect(await names('')).toEqual(['landbridge_held', 'landbridge_tunnel_up', 'landbridge_tunnel_up']);
    expect(await names('?tunnels=yes')).toHaveLength(3);
    expect(await names('?tunnels=no')).toEqual(['landbridge_held']);
    expect(await names('?compat=strongswan&tunnels=no')).toEqual(['landbridge_held', 'ipsec_up', 'ipsec_up']);
    expect(await names('?compat=strongswan')).toHaveLength(5);
    await Promise.all(Array.from({ length: 20 }, () => ask('/metrics')));
    expect(pieces).toEqual(['landbridge_tunnel_up', 'ipsec_up']);
  });

  it('says what a query may ask for', async () => {
    for (const query of ['?compat=libreswan', '?tunnel=no', '?tunnels=', '?tunnels=no&tunnels=no', '?__proto__=1']) {
      const [status, , text] = await ask(`/metrics${query}`);
      expect([query, status]).toEqual([query, 400]);
      expect(text).toMatch(
        /^(tunnels is one of: yes, no|compat is one of: strongswan|the query knows tunnels and compat only)\n$/,
      );
    }
    expect(reads).toBe(0);
  });

  it('is nothing else: HEAD has no body, POST and other paths are not found', async () => {
    expect((await ask('/metrics', 'HEAD')).toSpliced(1, 1)).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await ask('/metrics', method))[0]).toBe(404);
    for (const path of ['/', '/metrics/x', '/METRICS']) expect((await ask(path))[0]).toBe(404);
    expect((await ask('/health/ready'))[0]).toBe(200);
  });

  it('of a held service says that it is held', async () => {
    expect(await heldMetrics().metrics()).toContain('landbridge_held 1');
  });
});
