import type { StateKind } from '../tunnels/tunnel.ts';
import type { Graph, GraphLink, GraphNode } from './graph-model.ts';

export interface GraphFilter {
  /** Each of its words has to be there. */
  readonly text: string;
  /** Only tunnels of this kind; null: all. */
  readonly kind: StateKind | null;
}

/** What fits, with what it is joined to. */
export function filtered(graph: Graph, { text, kind }: GraphFilter): Graph {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && kind === null) return graph;
  const textAt = (id: string) => graph.nodes.get(id)?.text ?? '';
  const has = (all: string) => words.every((word) => all.includes(word));
  const tunnels = graph.links.filter(
    ({ tunnel, text: own, from, to }) =>
      tunnel !== null && (kind === null || tunnel.kind === kind) && has([own, textAt(from), textAt(to)].join('\n')),
  );
  const found = new Set(tunnels.flatMap(({ from, to }) => [from, to]));
  if (kind === null) for (const node of graph.nodes.values()) if (has(node.text)) found.add(node.id);
  const plain = graph.links.filter(({ tunnel, from, to }) => tunnel === null && (found.has(from) || found.has(to)));
  const shown = new Set([...found, ...plain.flatMap(({ from, to }) => [from, to])]);
  return { nodes: new Map([...graph.nodes].filter(([id]) => shown.has(id))), links: [...tunnels, ...plain] };
}

/** Beyond so many, tunnels of a gateway are one node. */
export const mostTunnels = 200;
/** Of a group that is opened those are drawn that need a look first. */
export const mostOpened = 60;
/** Beyond so many, what needs no look is not drawn. */
export const mostNodes = 300;

export interface Grouping {
  /** Gateways whose group is opened. */
  readonly opened: ReadonlySet<string>;
  /** Objects that are drawn by themselves in any case. */
  readonly kept: ReadonlySet<string>;
}

export interface DrawnGraph extends Graph {
  /** Nodes that are not drawn. */
  readonly left: number;
}

export function groupIdOf(gatewayId: string): string {
  return `${gatewayId}.tunnels`;
}

/** So much of it as can be laid out at once. */
export function drawn(graph: Graph, grouping: Grouping): DrawnGraph {
  const tunnels = graph.links.filter(({ tunnel }) => tunnel !== null);
  return bounded(tunnels.length > mostTunnels ? grouped(graph, tunnels, grouping) : graph, grouping.kept);
}

const order: Readonly<Record<StateKind, number>> = { bad: 0, waiting: 1, unknown: 2, good: 3 };

function need({ tunnel }: GraphLink): number {
  return tunnel === null ? 4 : order[tunnel.kind];
}

function grouped(graph: Graph, tunnels: readonly GraphLink[], { opened, kept }: Grouping): Graph {
  const nodes = new Map(graph.nodes);
  const links: GraphLink[] = [];
  for (const { from } of tunnels) nodes.delete(from);
  for (const [gatewayId, all] of Map.groupBy(tunnels, ({ to }) => to)) {
    const first = all.toSorted((a, b) => Number(kept.has(b.id)) - Number(kept.has(a.id)) || need(a) - need(b));
    const single = opened.has(gatewayId) ? mostOpened : all.filter(({ id }) => kept.has(id)).length;
    for (const link of first.slice(0, single)) {
      const end = graph.nodes.get(link.from);
      if (end !== undefined) nodes.set(end.id, end);
      links.push(link);
    }
    const rest = first.slice(single);
    if (rest.length === 0) continue;
    const group = groupOf(gatewayId, rest);
    nodes.set(group.id, group);
    links.push({ id: group.id, from: group.id, to: gatewayId, tunnel: null, text: '' });
  }
  const plain = graph.links.filter(({ tunnel }) => tunnel === null);
  return { nodes, links: [...links, ...plain] };
}

function groupOf(gatewayId: string, tunnels: readonly GraphLink[]): GraphNode {
  const counts: Record<StateKind, number> = { bad: 0, waiting: 0, unknown: 0, good: 0 };
  for (const { tunnel } of tunnels) if (tunnel !== null) counts[tunnel.kind]++;
  const about = { name: '', detail: '', rows: [], isOthers: false, text: '' };
  return { id: groupIdOf(gatewayId), kind: 'tunnels', ...about, counts, gatewayId };
}

function bounded({ nodes, links }: Graph, kept: ReadonlySet<string>): DrawnGraph {
  if (nodes.size <= mostNodes) return { nodes, links, left: 0 };
  const needs = new Map<string, number>();
  for (const link of links) {
    for (const id of [link.from, link.to]) needs.set(id, Math.min(needs.get(id) ?? 5, need(link)));
  }
  for (const id of kept) needs.set(id, -1);
  const first = [...nodes].toSorted(([a], [b]) => (needs.get(a) ?? 5) - (needs.get(b) ?? 5)).slice(0, mostNodes);
  const shown = new Map(first);
  return {
    nodes: shown,
    links: links.filter(({ from, to }) => shown.has(from) && shown.has(to)),
    left: nodes.size - mostNodes,
  };
}
