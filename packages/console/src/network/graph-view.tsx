import { useMemo } from 'preact/hooks';
import { Link, useSearchParams } from 'wouter-preact';
import { shapes } from '../tunnels/state-mark.tsx';
import type { StateKind } from '../tunnels/tunnel.ts';
import { say } from '../words/said.ts';
import { hrefOf, toggleHref } from './addresses.ts';
import { headHeight, mostRows, placed, rowHeight, shapeOf, type Box, type Wire } from './graph-layout.ts';
import type { Graph, GraphLink, GraphNode } from './graph-model.ts';

interface GraphViewProps {
  readonly graph: Graph;
  /** Ids of what a packet passes. */
  readonly onPath: ReadonlySet<string>;
}

/** Everything drawn: what is in it are links. */
export function GraphView({ graph, onPath }: GraphViewProps) {
  const [search] = useSearchParams();
  const shape = shapeOf(graph);
  const { width, height, boxes, wires } = useMemo(() => placed(graph), [shape]);
  return (
    <div class="graph-box">
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={say('network.graph')}
      >
        {graph.links.map((link) => {
          const wire = wires.get(link.id);
          return wire && <LinkShape key={link.id} {...{ link, wire }} isOn={isOnPath(link, onPath)} />;
        })}
        {[...graph.nodes.values()].map((node) => {
          const box = boxes.get(node.id);
          return box && <NodeShape key={node.id} {...{ node, box, search, onPath }} />;
        })}
      </svg>
    </div>
  );
}

function isOnPath({ from, to, tunnel }: GraphLink, onPath: ReadonlySet<string>): boolean {
  return tunnel === null ? onPath.has(from) && onPath.has(to) : onPath.has(tunnel.id);
}

interface LinkShapeProps {
  readonly link: GraphLink;
  readonly wire: Wire;
  readonly isOn: boolean;
}

function LinkShape({ link: { tunnel }, wire: { path, x, y }, isOn }: LinkShapeProps) {
  const on = isOn ? 'on' : '';
  if (tunnel === null) return <path class={`join ${on}`} d={path} />;
  const { id, name, kind, state } = tunnel;
  return (
    <Link href={`/tunnels/${id}`} class={`wire ${kind} ${on}`} aria-label={`${name}: ${say(`state.${state}`)}`}>
      <path class="hit" d={path} />
      <path class="line" d={path} />
      <text x={x} y={y + 4} text-anchor="middle">
        {shapes[kind]} {cut(name, 16)}
      </text>
    </Link>
  );
}

interface NodeShapeProps {
  readonly node: GraphNode;
  readonly box: Box;
  readonly search: URLSearchParams;
  readonly onPath: ReadonlySet<string>;
}

function NodeShape({ node, box: { x, y, width, height }, search, onPath }: NodeShapeProps) {
  if (node.kind === 'tunnels') return <GroupShape {...{ node, search }} box={{ x, y, width, height }} />;
  const { id, kind, name, detail, rows, isOthers } = node;
  const isOpen = search.get('object') === id;
  return (
    <g class={`node ${onPath.has(id) ? 'on' : ''} ${isOpen ? 'open' : ''}`} transform={`translate(${x},${y})`}>
      <rect class="body" width={width} height={height} rx="3" />
      <Link href={hrefOf(id, search)} aria-current={isOpen ? 'true' : undefined}>
        <rect class="head" width={width} height={headHeight} rx="3" />
        <text class="name" x="10" y="18">
          {cut(name, 25)}
        </text>{' '}
        <text class="detail" x="10" y="34">
          {cut(
            [say(`network.kind.${kind}`), isOthers ? say('network.others') : detail].filter(Boolean).join(' · '),
            31,
          )}
        </text>
      </Link>
      {rows.slice(0, mostRows).map((row, index) => (
        <Link
          key={row.id}
          href={hrefOf(row.id, search)}
          class={`row-link ${onPath.has(row.id) ? 'on' : ''}`}
          aria-label={`${say('network.kind.subnet')} ${row.name} ${row.detail}`}
        >
          <rect class="hit" y={headHeight + index * rowHeight} width={width} height={rowHeight} />
          <text class="detail" x="10" y={headHeight + index * rowHeight + 14}>
            {cut(`${row.name} ${row.detail}`, 31)}
          </text>
        </Link>
      ))}
      {rows.length > mostRows && (
        <text class="detail" x="10" y={headHeight + mostRows * rowHeight + 14}>
          {say('network.moreRows', { count: rows.length - mostRows })}
        </text>
      )}
    </g>
  );
}

const kinds: readonly StateKind[] = ['bad', 'waiting', 'unknown', 'good'];

interface GroupShapeProps {
  readonly node: GraphNode;
  readonly box: Box;
  readonly search: URLSearchParams;
}

function GroupShape({ node: { counts, gatewayId = '' }, box: { x, y, width, height }, search }: GroupShapeProps) {
  const shown = kinds.filter((kind) => (counts?.[kind] ?? 0) > 0);
  const all = kinds.reduce((sum, kind) => sum + (counts?.[kind] ?? 0), 0);
  const said = shown.map((kind) => `${counts?.[kind] ?? 0} ${say(`kind.${kind}`)}`).join(', ');
  return (
    <g class="node" transform={`translate(${x},${y})`}>
      <Link href={toggleHref(gatewayId, search)} aria-description={`${said}. ${say('network.open')}`}>
        <rect class="body group" width={width} height={height} rx="3" />
        <text class="name" x="10" y="18">
          {say('network.tunnelsOf', { count: all })}
        </text>{' '}
        <text class="detail" x="10" y="34">
          {shown.map((kind) => (
            <tspan key={kind} class={`count ${kind}`}>
              {shapes[kind]} {counts?.[kind]}
              {'  '}
            </tspan>
          ))}
        </text>
      </Link>
    </g>
  );
}

/** SVG cuts no text by itself. @param most Latin letters; others are twice as wide. */
function cut(text: string, most: number): string {
  let [room, end] = [most, 0];
  for (const letter of text) {
    room -= (letter.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
    if (room < 0) return `${text.slice(0, end).trimEnd()}…`;
    end += letter.length;
  }
  return text;
}
