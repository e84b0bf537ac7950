import { Graph as Layered, layout } from '@dagrejs/dagre';
import type { Graph, GraphNode } from './graph-model.ts';

export interface Box {
  /** Of its corner at the left above. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Wire {
  /** As `d` of a path has it. */
  readonly path: string;
  /** The middle of its label. */
  readonly x: number;
  readonly y: number;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  /** Of nodes, by id. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** Of links, by id. */
  readonly wires: ReadonlyMap<string, Wire>;
}

/** Subnets that a VPC shows; others are counted. */
export const mostRows = 6;
export const headHeight = 44;
export const rowHeight = 20;
const nodeWidth = 220;
const label = { width: 130, height: 16, labelpos: 'c' } as const;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the outside at the left to the VPCs at the right. */
export function placed({ nodes, links }: Pick<Graph, 'nodes' | 'links'>): Placed {
  const layered = new Layered({ multigraph: true });
  layered.setGraph({
    rankdir: 'LR',
    ranker: 'tight-tree',
    nodesep: 14,
    ranksep: 50,
    edgesep: 6,
    marginx: 8,
    marginy: 8,
  });
  for (const node of nodes.values()) layered.setNode(node.id, { width: nodeWidth, height: heightOf(node) });
  for (const { id, from, to, tunnel } of links) layered.setEdge(from, to, tunnel === null ? {} : { ...label }, id);
  layout(layered);
  const { width = 0, height = 0 } = layered.graph() as { readonly width?: number; readonly height?: number };
  const boxes = [...nodes.keys()].map((id) => {
    const at = layered.node(id) as Point & { readonly height: number };
    const box = { width: nodeWidth, height: at.height, x: at.x - nodeWidth / 2, y: at.y - at.height / 2 };
    return [id, box] as const;
  });
  const wires = links.map(({ id, from, to }) => {
    const at = layered.edge(from, to, id) as Partial<Point> & { readonly points: readonly Point[] };
    const middle = at.points[Math.floor(at.points.length / 2)] ?? { x: 0, y: 0 };
    return [id, { path: pathOf(at.points), x: at.x ?? middle.x, y: at.y ?? middle.y }] as const;
  });
  return { width, height, boxes: new Map(boxes), wires: new Map(wires) };
}

/** The same for graphs that are laid out alike: states of tunnels move nothing. */
export function shapeOf({ nodes, links }: Pick<Graph, 'nodes' | 'links'>): string {
  return [...[...nodes.values()].map(({ id, rows }) => `${id} ${rows.length}`), ...links.map(({ id }) => id)].join(
    '\n',
  );
}

function heightOf({ rows }: GraphNode): number {
  if (rows.length === 0) return headHeight;
  const shown = rows.length > mostRows ? mostRows + 1 : rows.length;
  return headHeight + shown * rowHeight + 6;
}

/** Through the middles between its points, so that it bends softly. */
function pathOf(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (first === undefined) return '';
  const steps = others.map((point, index) => {
    const next = others[index + 1];
    if (next === undefined) return `L${at(point)}`;
    return `Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return `M${at(first)}${steps.join('')}`;
}

function at({ x, y }: Point): string {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}
