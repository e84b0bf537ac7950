import { expect, it } from 'vitest';
import type { StateKind } from '../tunnels/tunnel.ts';
import { placed } from './graph-layout.ts';
import type { Graph, GraphLink, GraphNode, NodeKind } from './graph-model.ts';
import { drawn, filtered, groupIdOf, mostNodes, mostOpened, mostTunnels } from './shown-graph.ts';

function node(kind: NodeKind, id: string, text = id): GraphNode {
  return { ...{ id, kind, name: id, detail: '', rows: [] }, isOthers: false, text };
}

function tunnel(id: string, from: string, to: string, kind: StateKind): GraphLink {
  const state = ({ good: 'up', bad: 'refused', waiting: 'negotiating', unknown: 'unknown' } as const)[kind];
  return { id, from, to, tunnel: { id, name: id, state, kind }, text: id };
}

function graph(nodes: readonly GraphNode[], links: readonly GraphLink[]): Graph {
  return { nodes: new Map(nodes.map((one) => [one.id, one])), links };
}

/** Gateways of one VPC with so many tunnels each, of which every tenth is bad. */
function wide(gateways: number, tunnels: number): Graph {
  const nodes = [node('vpc', 'vpc')];
  const links: GraphLink[] = [];
  for (let g = 0; g < gateways; g++) {
    nodes.push(node('vpn-gateway', `gw${g}`));
    links.push({ id: `gw${g} vpc`, from: `gw${g}`, to: 'vpc', tunnel: null, text: '' });
    for (let t = 0; t < tunnels; t++) {
      nodes.push(node('customer-gateway', `cgw${g}-${t}`));
      links.push(tunnel(`x${g}-${t}`, `cgw${g}-${t}`, `gw${g}`, t % 10 === 0 ? 'bad' : 'good'));
    }
  }
  return graph(nodes, links);
}

const small = graph(
  [
    ...[node('customer-gateway', 'berlin'), node('customer-gateway', 'paris'), node('vpn-gateway', 'edge')],
    ...[node('vpc', 'shop', 'shop team=blue'), node('vpc', 'lonely')],
  ],
  [
    tunnel('x1', 'berlin', 'edge', 'bad'),
    tunnel('x2', 'paris', 'edge', 'good'),
    { id: 'edge shop', from: 'edge', to: 'shop', tunnel: null, text: '' },
  ],
);

const shownBy = (text: string, kind: StateKind | null = null) => {
  const { nodes, links } = filtered(small, { text, kind });
  return [...[...nodes.keys()].toSorted(), ...links.map(({ id }) => id).toSorted()];
};

it('a filter shows what fits with what it is joined to', () => {
  expect(filtered(small, { text: ' ', kind: null })).toBe(small);
  expect(shownBy('berlin')).toEqual(['berlin', 'edge', 'shop', 'edge shop', 'x1']);
  expect(shownBy('BLUE')).toEqual(['edge', 'shop', 'edge shop']);
  expect(shownBy('x2 edge')).toEqual(['edge', 'paris', 'shop', 'edge shop', 'x2']);
  expect(shownBy('nowhere')).toEqual([]);
});

it('a state shows the tunnels that are in it alone', () => {
  expect(shownBy('', 'bad')).toEqual(['berlin', 'edge', 'shop', 'edge shop', 'x1']);
  expect(shownBy('paris', 'bad')).toEqual([]);
  expect(shownBy('', 'waiting')).toEqual([]);
});

const none = { opened: new Set<string>(), kept: new Set<string>() };

it('up to the most tunnels are drawn each by itself', () => {
  const whole = wide(2, mostTunnels / 2);
  expect(drawn(whole, none)).toEqual({ ...whole, left: 0 });
});

it('more of them are one node for each gateway, with counts by state', () => {
  const { nodes, links, left } = drawn(wide(2, 500), none);
  expect([...nodes.keys()].toSorted()).toEqual(['gw0', 'gw1', 'vpc', groupIdOf('gw0'), groupIdOf('gw1')].toSorted());
  expect(nodes.get(groupIdOf('gw0'))?.counts).toEqual({ bad: 50, waiting: 0, unknown: 0, good: 450 });
  expect(links.filter((link) => link.tunnel !== null)).toEqual([]);
  expect(left).toBe(0);
});

it('a group that is opened draws those that need a look first; what a packet passes is drawn in any case', () => {
  const { nodes, links } = drawn(wide(2, 500), { opened: new Set(['gw0']), kept: new Set(['x1-3']) });
  const single = links.filter((link) => link.tunnel !== null);
  const opened = single.filter(({ to }) => to === 'gw0');
  expect(opened).toHaveLength(mostOpened);
  expect(opened.slice(0, 50).map((link) => link.tunnel?.kind)).toEqual(Array.from({ length: 50 }, () => 'bad'));
  expect(single.filter(({ to }) => to === 'gw1').map(({ id }) => id)).toEqual(['x1-3']);
  expect(nodes.has('cgw1-3')).toBe(true);
  expect(nodes.get(groupIdOf('gw0'))?.counts).toEqual({ bad: 0, waiting: 0, unknown: 0, good: 440 });
});

it('of very many gateways those are drawn that have something bad', () => {
  const whole = wide(400, 1);
  const good = whole.links.map((link) =>
    link.tunnel === null || link.to === 'gw399' ? link : tunnel(link.id, link.from, link.to, 'good'),
  );
  const { nodes, links, left } = drawn({ nodes: whole.nodes, links: good }, { ...none, kept: new Set(['x399-0']) });
  expect(nodes.size).toBe(mostNodes);
  expect(left).toBe(1 + 400 * 2 - mostNodes);
  expect(nodes.has('gw399') && nodes.has('cgw399-0')).toBe(true);
  expect(links.every(({ from, to }) => nodes.has(from) && nodes.has(to))).toBe(true);
});

/** A tenth of that on a machine that does nothing else; what grows with the square takes minutes. */
const mostMs = 2000;

it('as much as is drawn at once is laid out at once', { timeout: 60_000 }, () => {
  const widest = [
    drawn(wide(4, mostTunnels / 4), none),
    drawn(wide(1, mostTunnels), none),
    drawn(wide(2, 500), { ...none, opened: new Set(['gw0', 'gw1']) }),
    drawn(wide(400, 1), none),
  ];
  for (const one of widest) {
    const times: number[] = [];
    while (times.length < 10 && !times.some((took) => took < mostMs)) {
      const began = performance.now();
      expect(placed(one).boxes.size).toBe(one.nodes.size);
      times.push(performance.now() - began);
    }
    expect(Math.min(...times)).toBeLessThan(mostMs);
  }
});

it('nothing lies on anything else, and the outside is at the left', () => {
  const { boxes, width } = placed(small);
  const all = [...boxes.values()];
  for (const a of all)
    for (const b of all) {
      if (a === b) continue;
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      expect(apart).toBe(true);
    }
  const x = (id: string) => boxes.get(id)?.x ?? NaN;
  expect(x('berlin')).toBeLessThan(x('edge'));
  expect(x('edge')).toBeLessThan(x('shop'));
  expect(x('shop')).toBeLessThan(width);
});

it('two tunnels between the same ends do not lie on each other', () => {
  const ends = [node('customer-gateway', 'berlin'), node('vpn-gateway', 'edge')];
  const both = [tunnel('x1', 'berlin', 'edge', 'good'), tunnel('x2', 'berlin', 'edge', 'bad')];
  const { wires } = placed(graph(ends, both));
  expect(wires.get('x1')?.path).not.toBe(wires.get('x2')?.path);
  expect(Math.abs((wires.get('x1')?.y ?? 0) - (wires.get('x2')?.y ?? 0))).toBeGreaterThanOrEqual(14);
});
