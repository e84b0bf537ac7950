import { Link, useSearchParams } from 'wouter-preact';
import { shapes } from '../tunnels/state-mark.tsx';
import { say } from '../words/said.ts';
import { hrefOf, toggleHref } from './addresses.ts';
import type { Graph, GraphLink, GraphNode } from './graph-model.ts';

/** What the graph shows, as a list: each object with what is in it, what it is joined to, and its tunnels. */
export function GraphList({ graph }: { readonly graph: Graph }) {
  const [search] = useSearchParams();
  const at = new Map<string, GraphLink[]>();
  for (const link of graph.links) {
    for (const id of [link.from, link.to]) at.set(id, [...(at.get(id) ?? []), link]);
  }
  const single = [...graph.nodes.values()].filter(({ kind }) => kind !== 'tunnels');
  return (
    <ul class="network-list">
      {single.map((node) => (
        <li key={node.id}>
          <p>
            <span class="fine">{say(`network.kind.${node.kind}`)}</span>{' '}
            <Link href={hrefOf(node.id, search)}>{node.name}</Link> <code class="fine">{node.detail}</code>
          </p>
          <ul>
            {node.rows.map((row) => (
              <li key={row.id}>
                <Link href={hrefOf(row.id, search)}>{row.name || row.id}</Link> <code class="fine">{row.detail}</code>
              </li>
            ))}
            {(at.get(node.id) ?? []).map((link) => (
              <li key={link.id}>
                <JoinedLine {...{ link, graph, search }} from={node.id} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

interface JoinedLineProps {
  readonly link: GraphLink;
  /** As seen from there. */
  readonly from: string;
  readonly graph: Graph;
  readonly search: URLSearchParams;
}

/** What something is joined to, and by which tunnel. */
export function JoinedLine({ link, from, graph, search }: JoinedLineProps) {
  const other = graph.nodes.get(link.from === from ? link.to : link.from);
  if (other === undefined) return null;
  if (other.kind === 'tunnels') return <GroupLine {...{ node: other, search }} />;
  const { tunnel } = link;
  return (
    <>
      {link.from === from ? '→' : '←'} <Link href={hrefOf(other.id, search)}>{other.name}</Link>
      {tunnel !== null && (
        <>
          {' '}
          <Link href={`/tunnels/${tunnel.id}`}>{tunnel.name}</Link>{' '}
          <span class={`mark ${tunnel.kind}`}>
            <span aria-hidden="true">{shapes[tunnel.kind]}</span> {say(`state.${tunnel.state}`)}
          </span>
        </>
      )}
    </>
  );
}

function GroupLine({ node, search }: { readonly node: GraphNode; readonly search: URLSearchParams }) {
  const { counts, gatewayId = '' } = node;
  const count = Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0);
  return <Link href={toggleHref(gatewayId, search)}>{say('network.tunnelsOf', { count })}</Link>;
}
