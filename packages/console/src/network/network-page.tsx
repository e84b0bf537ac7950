import { useMemo } from 'preact/hooks';
import { useSearchParams } from 'wouter-preact';
import { SelectField, TextField } from '../forms/fields.tsx';
import { useLoaded } from '../live/loaded.ts';
import { isNarrow } from '../parts/is-narrow.ts';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import type { StateKind } from '../tunnels/tunnel.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { openedIn } from './addresses.ts';
import { GraphList } from './graph-list.tsx';
import { graphOf, type Graph } from './graph-model.ts';
import { GraphView } from './graph-view.tsx';
import { MatrixView } from './matrix-view.tsx';
import { networkLoad, type NetworkAnswers } from './network-answers.ts';
import { rangesLoad } from './network-ranges.ts';
import { networksOf, type Network } from './networks.ts';
import { ObjectPanel } from './object-panel.tsx';
import { questionOf, searchWith } from './path-ends.ts';
import { PathForm } from './path-form.tsx';
import { pathLoad } from './path-load.ts';
import { PathView } from './path-view.tsx';
import { idsOnPath, type Trace } from './reach.ts';
import { drawn, filtered } from './shown-graph.ts';

const kinds: readonly StateKind[] = ['bad', 'waiting', 'unknown', 'good'];

/** The network as a graph, the way of a packet through it, and who reaches whom. What is asked for is part of the address. */
export function NetworkPage() {
  useTitle(say('nav.network'));
  const { session, tunnels, gateways } = useWorld();
  const [search] = useSearchParams();
  const network = useLoaded('network', () => networkLoad(session.Regions));
  const question = questionOf(search);
  const path = useLoaded(`path ${JSON.stringify(question)}`, () => pathLoad(question));
  const [answers, ownGateways, states] = [network.value.value, gateways.value.value, tunnels.tunnels.value];
  const graph = useMemo(() => {
    if (answers === null || ownGateways === null || states === null) return null;
    return graphOf({ answers, gateways: ownGateways.values(), stateOf: (id) => tunnels.of(id) });
  }, [answers, ownGateways, states]);
  const trace = path.value.value;
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.network')}</h1>
        <ShownAge at={network.at} />
      </header>
      <Problem of={network.problem.value} again={() => void network.refresh(false)} />
      <Problem of={gateways.problem.value} again={() => void gateways.refresh(false)} />
      <Problem of={tunnels.problem.value} again={() => void tunnels.readAll(false)} />
      {answers?.refused.map((error) => (
        <div key={error.requestId}>
          <p class="fine">{say('network.refused')}</p>
          <Problem of={error} />
        </div>
      ))}
      {graph !== null && answers !== null && (
        <>
          <GraphPart {...{ graph, answers, trace }} />
          <Ways {...{ answers, trace }} problem={path.problem.value} again={() => void path.refresh(false)} />
        </>
      )}
    </section>
  );
}

interface GraphPartProps {
  readonly graph: Graph;
  readonly answers: NetworkAnswers;
  readonly trace: Trace | null;
}

function GraphPart({ graph, answers, trace }: GraphPartProps) {
  const { gateways } = useWorld();
  const [search] = useSearchParams();
  const filter = { text: search.get('filter') ?? '', kind: kinds.find((one) => one === search.get('state')) ?? null };
  const onPath = trace === null ? new Set<string>() : idsOnPath(trace);
  const shown = drawn(filtered(graph, filter), { opened: openedIn(search), kept: onPath });
  const object = search.get('object');
  const isEmpty = shown.nodes.size === 0;
  return (
    <div class={object === null ? '' : 'beside'}>
      <div class="panel">
        <GraphFilterForm {...filter} shown={shown} />
        {isEmpty && <p class="empty">{say(graph.nodes.size === 0 ? 'network.none' : 'network.noMatch')}</p>}
        {shown.left > 0 && <p class="fine">{say('network.left', { count: shown.left })}</p>}
        {!isEmpty && !isNarrow.value && <GraphView graph={shown} onPath={onPath} />}
        {!isEmpty && (
          <details open={isNarrow.value}>
            <summary>{say('network.asList')}</summary>
            <GraphList graph={shown} />
          </details>
        )}
      </div>
      {object !== null && (
        <ObjectPanel id={object} {...{ graph, answers }} gateways={gateways.value.value ?? new Map()} />
      )}
    </div>
  );
}

interface GraphFilterFormProps {
  readonly text: string;
  readonly kind: StateKind | null;
  readonly shown: Graph;
}

function GraphFilterForm({ text, kind, shown }: GraphFilterFormProps) {
  const [search, setSearch] = useSearchParams();
  const set = (name: 'filter' | 'state', value: string) =>
    setSearch(searchWith(search, { [name]: value }), { replace: true });
  const tunnels = shown.links.filter(({ tunnel }) => tunnel !== null).length;
  const grouped = [...shown.nodes.values()].flatMap(({ counts }) => Object.values(counts ?? {}));
  const count = grouped.reduce((sum, one) => sum + one, tunnels);
  const nodes = [...shown.nodes.values()].filter((node) => node.kind !== 'tunnels').length;
  return (
    <div class="path-form">
      <TextField label={say('network.filter')} value={text} onInput={(value) => set('filter', value)} />
      <SelectField
        label={say('network.state')}
        value={kind ?? ''}
        choices={[
          { value: '', name: say('network.anyState') },
          ...kinds.map((value) => ({ value, name: say(`kind.${value}`) })),
        ]}
        onChange={(value) => set('state', value)}
      />
      <p class="fine number" role="status">
        {say('network.count', { nodes, tunnels: count })}
      </p>
    </div>
  );
}

interface WaysProps {
  readonly answers: NetworkAnswers;
  readonly trace: Trace | null;
  readonly problem: unknown;
  readonly again: () => void;
}

/** One way, and all of them. Both choose among the same networks. */
function Ways({ answers, trace, problem, again }: WaysProps) {
  const { session, tunnels, gateways } = useWorld();
  const [search] = useSearchParams();
  const all = [...(gateways.value.value?.values() ?? [])];
  const lines = answers.directConnectGateways;
  const key = [...all.map((gateway) => gateway.VpnGatewayId), ...lines.map((line) => line.DirectConnectGatewayId)];
  const ranges = useLoaded(`ranges ${key.join(' ')}`, () => rangesLoad(all, lines, session.Regions));
  const behind = ranges.value.value;
  const states = tunnels.tunnels.value;
  const networks = useMemo<readonly Network[]>(
    () => (behind === null ? [] : networksOf({ answers, ranges: behind, stateOf: (id) => tunnels.of(id) })),
    [answers, behind, states],
  );
  return (
    <>
      <section class="panel">
        <h2>{say('path.heading')}</h2>
        <PathForm
          key={['from', 'to', 'protocol', 'port'].map((name) => search.get(name)).join(' ')}
          networks={networks}
        />
        <Problem of={problem} again={again} />
        {trace !== null && <PathView trace={trace} />}
      </section>
      <Problem of={ranges.problem.value} again={() => void ranges.refresh(false)} />
      {behind !== null && <MatrixView networks={networks} />}
    </>
  );
}
