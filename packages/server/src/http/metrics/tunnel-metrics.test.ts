import { execFileSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { measuredTunnel, numbersOf } from '../../../testing/measured-tunnels.ts';
import { promtool } from '../../../testing/promtool.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { MeasuredTunnel } from './tunnel-families.ts';
import { TunnelMetrics } from './tunnel-metrics.ts';

/** Its package may have to be fetched. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const tunnel = measuredTunnel(7);
const { id } = tunnel.connection;
const finding: Finding = {
  ...{ code: 'both-ends-passive', object: id, ours: null, theirs: null, evidence: [], since: 0 },
};

const pageOf = async (tunnels: readonly MeasuredTunnel[], change: Parameters<typeof numbersOf>[1] = {}) =>
  (await new TunnelMetrics(numbersOf(tunnels, change)).text()).join('');
const series = (page: string) => page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const ofTunnel = (page: string) => series(page).filter((line) => line.startsWith('landbridge_tunnel_'));

describe('series of tunnels', () => {
  it('tell each number once, by its id, and its name in one of them', async () => {
    const { name, vpnGatewayId, accountId } = tunnel.connection;
    const info = `id="${id}",name="${name}",gateway="${vpnGatewayId}",peer="${tunnel.peer?.address}",account="${accountId}"`;
    expect(ofTunnel(await pageOf([{ ...tunnel, findings: [finding, finding] }]))).toEqual([
      `landbridge_tunnel_info{${info}} 1`,
      `landbridge_tunnel_up{id="${id}"} 1`,
      `landbridge_tunnel_connected{id="${id}"} 1`,
      `landbridge_tunnel_state{id="${id}",state="up"} 1`,
      `landbridge_tunnel_proof_age_seconds{id="${id}"} 1.5`,
      `landbridge_tunnel_in_bytes_total{id="${id}"} 1007`,
      `landbridge_tunnel_in_packets_total{id="${id}"} 10`,
      `landbridge_tunnel_out_bytes_total{id="${id}"} 2000`,
      `landbridge_tunnel_out_packets_total{id="${id}"} 20`,
      `landbridge_tunnel_rekeys_total{id="${id}"} 3`,
      `landbridge_tunnel_probe_loss_ratio{id="${id}"} 0.25`,
      `landbridge_tunnel_probe_delay_seconds{id="${id}"} 0.0125`,
      `landbridge_tunnel_findings{id="${id}",severity="error"} 2`,
    ]);
  });

  it('say nothing of what is not known, and that a tunnel that is not proven is not up', async () => {
    const observation = { ...tunnel.observation, sas: null, usability: null, traffic: null };
    const page = await pageOf([{ ...tunnel, observation, state: 'up-unproven', proofAgeMs: null }]);
    expect(ofTunnel(page).slice(1)).toEqual([
      `landbridge_tunnel_up{id="${id}"} 0`,
      `landbridge_tunnel_state{id="${id}",state="up-unproven"} 1`,
    ]);
    expect(page).toContain('landbridge_findings{severity="error"} 0\n');
  });

  it('stay one line each, whatever a tenant calls a tunnel', async () => {
    const names = [
      'a"} 1\nlandbridge_held 1',
      'back\\slash',
      'tab\there',
      '\u{1f600} 名字',
      '\ud800',
      `${'x'.repeat(5000)}"`,
    ];
    const tunnels = names.map((name, index) => {
      const one = measuredTunnel(index);
      return { ...one, connection: { ...one.connection, name } };
    });
    const page = await pageOf(tunnels);
    const infos = series(page).filter((line) => line.startsWith('landbridge_tunnel_info'));
    expect(infos.map((line) => /name="((?:[^"\\\n]|\\.)*)"/.exec(line)?.[1])).toEqual([
      'a\\"} 1\\nlandbridge_held 1',
      'back\\\\slash',
      'tab\uFFFDhere',
      '\u{1f600} 名字',
      '\uFFFD',
      'x'.repeat(200),
    ]);
    expect(
      series(page).filter((line) => !line.startsWith('landbridge_') || line.startsWith('landbridge_held')),
    ).toEqual([]);
    expect(execFileSync(promtool(), ['check', 'metrics'], { input: page, encoding: 'utf8' })).toBe('');
  });

  it('tell what is dropped, by where it came in and why', async () => {
    const drops = () => [{ entrance: id, reason: 'unrouted-source' as const, packets: 3, bytes: 180 }];
    const page = await pageOf([], { drops });
    expect(page).toContain(`landbridge_dropped_packets_total{entrance="${id}",reason="unrouted-source"} 3\n`);
    expect(page).toContain(`landbridge_dropped_bytes_total{entrance="${id}",reason="unrouted-source"} 180\n`);
  });
});

describe('the sum of a gateway', () => {
  it('never falls: not when a tunnel is deleted, nor when counters begin anew', async () => {
    const withBytes = (index: number, inBytes: number) => {
      const one = measuredTunnel(index * 200);
      const traffic = { ...one.observation.traffic!, inBytes };
      return { ...one, observation: { ...one.observation, traffic } };
    };
    let now: readonly MeasuredTunnel[] = [];
    const gateway = measuredTunnel(0).gateway!;
    const metrics = new TunnelMetrics({
      ...numbersOf([]),
      connections: () => now.map(({ connection }) => connection),
      measure: (some) => some.map((one) => now.find(({ connection }) => connection.id === one.id)!),
      gateways: () => [gateway],
    });
    const total = async (...tunnels: MeasuredTunnel[]) => {
      now = tunnels;
      const page = (await metrics.text()).join('');
      return Number(/^landbridge_gateway_in_bytes_total\{[^}]*\} (.*)$/m.exec(page)?.[1]);
    };
    expect(await total(withBytes(0, 100), withBytes(1, 50))).toBe(150);
    expect(await total(withBytes(0, 130), withBytes(1, 50))).toBe(180);
    expect(await total(withBytes(1, 60))).toBe(190);
    expect(await total(withBytes(1, 5))).toBe(195);
    expect(await total(withBytes(1, 5), withBytes(2, 7))).toBe(202);
    expect(await total()).toBe(202);
  });
});

it('ten thousand tunnels hold up nobody: everybody else has a turn in between', async () => {
  const metrics = new TunnelMetrics(numbersOf(Array.from({ length: 10_000 }, (_, index) => measuredTunnel(index))));
  let turns = 0;
  const beat = setInterval(() => (turns += 1), 1);
  const pieces = await metrics.text();
  const strongswan = await metrics.strongswanText();
  clearInterval(beat);
  expect(turns).toBeGreaterThan(3);
  expect(series(pieces.join('')).filter((line) => line.startsWith('landbridge_tunnel_up'))).toHaveLength(10_000);
  expect(series(strongswan.join('')).filter((line) => line.startsWith('ipsec_status'))).toHaveLength(10_000);
});

describe('under the names of exporters of strongSwan', () => {
  const strongswan = async (of: MeasuredTunnel) =>
    series((await new TunnelMetrics(numbersOf([of])).strongswanText()).join(''));
  const valueOf = (lines: readonly string[], name: string) =>
    lines
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .map((line) => line.slice(line.lastIndexOf(' ') + 1));

  it('a tunnel that is up is as they tell it', async () => {
    const lines = await strongswan(tunnel);
    const values = {
      ...{ strongswan_ike_count: '1', strongswan_ike_status: '1', strongswan_ike_children_size: '1' },
      ...{ strongswan_sa_status: '0', strongswan_sa_inbound_bytes: '1007', strongswan_sa_outbound_packets: '20' },
      ...{ strongswan_sa_last_inbound_seconds: '90', ipsec_ike_sas: '1', ipsec_ike_sa_state: '2' },
      ...{ ipsec_child_sa_state: '3', ipsec_child_sa_bytes_in: '1007', ipsec_child_sa_packets_out: '20' },
      ...{ ipsec_status: '0', ipsec_up: '1', ipsec_in_bytes: '1007', ipsec_out_packets: '20' },
    };
    for (const [name, value] of Object.entries(values)) expect([name, valueOf(lines, name)]).toEqual([name, [value]]);
    expect(lines).toContain(`ipsec_status{tunnel="${id}",tunnel_instance="1"} 0`);
    const child = lines.find((line) => line.startsWith('strongswan_sa_status'));
    for (const label of ['ike_name', 'ike_id', 'child_name', 'child_id', 'local_ts', 'remote_ts']) {
      expect(child).toContain(`${label}="`);
    }
  });

  it('and one that is down or not known as well', async () => {
    const down = { ikeEstablished: false, children: { [id]: false }, connected: false, lastError: null, changedAt: 0 };
    const observation = (sas: MeasuredTunnel['observation']['sas']) => ({
      ...tunnel,
      observation: { ...tunnel.observation, sas },
    });
    expect(valueOf(await strongswan(observation(down)), 'ipsec_status')).toEqual(['2']);
    expect(valueOf(await strongswan(observation({ ...down, ikeEstablished: true })), 'ipsec_status')).toEqual(['1']);
    expect(valueOf(await strongswan(observation(null)), 'ipsec_status')).toEqual(['3']);
    expect(valueOf(await strongswan(observation(down)), 'ipsec_child_sa_state')).toEqual([]);
    expect(valueOf(await strongswan(observation(down)), 'strongswan_sa_status')).toEqual(['2']);
  });
});
