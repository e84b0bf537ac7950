import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { measuredTunnel, numbersOf } from '../../../testing/measured-tunnels.ts';
import { promtool } from '../../../testing/promtool.ts';
import { sampleRoom } from '../../../testing/sample-capacity.ts';
import { CallMetrics } from './call-metrics.ts';
import { serviceMetrics } from './service-metrics.ts';
import { TunnelMetrics } from './tunnel-metrics.ts';

/** Its package may have to be fetched. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** What operators load into Prometheus and Grafana (docs/monitoring.md). */
const folder = new URL('../../../../../monitoring/', import.meta.url);
const pathOf = (name: string) => new URL(name, folder).pathname;

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}
const dashboard = JSON.parse(readFileSync(pathOf('landbridge-dashboard.json'), 'utf8')) as Dashboard;

/** As Grafana does. */
const filledIn = (expression: string) =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll(/\$(gateway|tunnel)\b/g, '.*');

/** Names and labels that `/metrics` gives. */
let given: Map<string, Set<string>>;
beforeAll(async () => {
  const registry = new Registry();
  serviceMetrics(registry, {
    ...{ generation: () => 1, rowCounts: () => [['vpcs', 1]], waitingDecisions: () => 0, isAgentHeard: () => true },
    ...{ tunnelCount: () => 1, tunnels: () => [], failedPlans: () => 0, room: () => sampleRoom },
  });
  const facts = { service: 'vpc', action: 'DescribeVpcs', accountId: 'a', admitted: true } as const;
  new CallMetrics(registry).answered({ requestId: 'r', facts, code: '', reason: '', durationMs: 3 });
  const tunnel = measuredTunnel(1);
  const { id } = tunnel.connection;
  const finding = { code: 'both-ends-passive', object: id, ours: null, theirs: null, evidence: [], since: 0 } as const;
  const drops = () => [{ entrance: id, reason: 'ipv6' as const, packets: 1, bytes: 1 }];
  const text = await new TunnelMetrics(numbersOf([{ ...tunnel, findings: [finding] }], { drops })).text();
  const page = (await registry.metrics()) + text.join('');
  given = new Map([['up', new Set(['job'])]]);
  for (const line of page.split('\n')) {
    const [, name, labels = ''] = /^([a-z_]+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const known = given.get(name) ?? new Set<string>();
    for (const [, label] of labels.matchAll(/([a-z_]+)="/g)) if (label !== undefined) known.add(label);
    given.set(name, known);
  }
});

/** What an expression names that is not there. */
function unknownIn(expression: string): string[] {
  const words = expression.replaceAll(/"[^"]*"/g, '""');
  return [...words.matchAll(/\b(up|landbridge_\w+)(?:\{([^}]*)\})?/g)].flatMap(([, name = '', matchers = '']) => {
    const labels = given.get(name);
    if (labels === undefined) return [name];
    const asked = [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label);
    return asked.filter((label) => !labels.has(label)).map((label) => `${name}{${label}}`);
  });
}

function check(...parameters: string[]): string {
  return execFileSync(promtool(), parameters, { encoding: 'utf8', stdio: 'pipe' });
}

describe('the alert rules', () => {
  const rules = readFileSync(pathOf('landbridge-alerts.yml'), 'utf8');

  it('are taken by Prometheus', () => {
    expect(check('check', 'rules', pathOf('landbridge-alerts.yml'))).toContain('SUCCESS');
  });

  it('tell what they shall, and each is tried', () => {
    const cases = readFileSync(pathOf('landbridge-alerts.test.yml'), 'utf8');
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    expect(alerts.length).toBeGreaterThan(10);
    for (const name of alerts) expect(cases).toContain(`alertname: ${name}\n`);
    expect(check('test', 'rules', pathOf('landbridge-alerts.test.yml'))).toContain('SUCCESS');
  });

  it('ask for what there is', () => {
    expect(unknownIn(rules)).toEqual([]);
  });
});

describe('the dashboard', () => {
  const expressions = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));

  it('asks for what there is', () => {
    expect(expressions.length).toBeGreaterThan(20);
    for (const { title, expr } of expressions) expect([title, unknownIn(expr)]).toEqual([title, []]);
    for (const { name, definition } of dashboard.templating.list) {
      if (definition !== undefined) expect([name, unknownIn(definition)]).toEqual([name, []]);
    }
    expect(unknownIn('landbridge_tunnel_up{peer="x"} + landbridge_nothing')).toEqual([
      'landbridge_tunnel_up{peer}',
      'landbridge_nothing',
    ]);
  });

  it('asks in words that Prometheus understands', () => {
    const work = mkdtempSync(join(tmpdir(), 'landbridge-dashboard-'));
    try {
      const rules = expressions.map(({ expr }, index) => ({ record: `panel:${index}`, expr: filledIn(expr) }));
      const path = join(work, 'rules.yml');
      writeFileSync(path, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      expect(check('check', 'rules', path)).toContain(`SUCCESS: ${rules.length} rules found`);
    } finally {
      rmSync(work, { recursive: true });
    }
  });

  it('shows every number of tunnels and gateways', () => {
    const shown = expressions.map(({ expr }) => expr).join(' ');
    const numbers = [...given.keys()].filter((name) => /^landbridge_(tunnel|gateway)_/.test(name));
    const left = numbers.filter((name) => !shown.includes(name));
    expect(left).toEqual([
      'landbridge_gateway_in_packets_total',
      'landbridge_gateway_out_packets_total',
      'landbridge_tunnel_findings',
    ]);
  });
});
