import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo } from 'preact/hooks';
import { Link, useSearchParams } from 'wouter-preact';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { shapes } from '../tunnels/state-mark.tsx';
import { say } from '../words/said.ts';
import { chosenNetworks, endOfNetwork, mostNetworks, type Network } from './networks.ts';
import { searchWith } from './path-ends.ts';
import { wayKinds } from './path-load.ts';
import { endSaid } from './path-view.tsx';
import { subnetOf, type SubnetId } from './proof.ts';
import { ProofDialog } from './proof-dialog.tsx';
import { pairOf, type Verdict } from './reach.ts';
import { tracePairs } from './trace-pairs.ts';

/** Who reaches whom, as far as there is room for it. */
export function MatrixView({ networks }: { readonly networks: readonly Network[] }) {
  const [search, setSearch] = useSearchParams();
  const filter = search.get('networks') ?? '';
  const id = useId();
  const chosen = chosenNetworks(networks, filter);
  const shown = chosen.slice(0, mostNetworks);
  return (
    <section class="panel">
      <h2>{say('reach.heading')}</h2>
      <p class="fine">{say('reach.how')}</p>
      <div class="bar">
        <label for={id}>{say('reach.filter')}</label>
        <input
          {...{ id, value: filter }}
          type="search"
          onInput={({ currentTarget: { value } }) =>
            setSearch(searchWith(search, { networks: value }), { replace: true })
          }
        />
        <span class="fine number">{say('reach.shown', { shown: shown.length, all: networks.length })}</span>
        {chosen.length > mostNetworks && <span class="fine">{say('reach.most', { most: mostNetworks })}</span>}
      </div>
      {shown.length < 2 ? <p class="empty">{say('reach.few')}</p> : <Matrix networks={shown} />}
    </section>
  );
}

/** A cell that is proven. */
interface Proving {
  readonly from: Network;
  readonly source: SubnetId;
  readonly to: Network;
}

function Matrix({ networks }: { readonly networks: readonly Network[] }) {
  const key = networks.map(({ id, places }) => [id, ...places].join(' ')).join('\n');
  const partial = useSignal<ReadonlyMap<string, Verdict>>(new Map());
  const stop = useMemo(() => new AbortController(), [key]);
  useEffect(() => {
    partial.value = new Map();
    return () => stop.abort();
  }, [stop]);
  const reach = useLoaded(key, () => ({
    ...{ kinds: wayKinds, everyMs: 60_000 },
    load: (isBackground: boolean) =>
      tracePairs({
        ...{ networks, signal: stop.signal, isBackground },
        onVerdicts: (verdicts) => (partial.value = verdicts),
      }),
  }));
  const pointed = useSignal('');
  const proving = useSignal<Proving | null>(null);
  const whole = reach.value.value;
  const all = networks.length * (networks.length - 1);
  const verdictOf = (pair: string) => partial.value.get(pair) ?? whole?.get(pair);
  const isAborted = stop.signal.aborted;
  return (
    <>
      {!isAborted && <Problem of={reach.problem.value} again={() => void reach.refresh(false)} />}
      <div class="table-box">
        <table class="matrix" aria-label={say('reach.heading')}>
          <thead>
            <tr>
              <td />
              {networks.map((to) => (
                <th key={to.id} scope="col" title={to.name}>
                  <NetworkName network={to} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {networks.map((from) => (
              <tr key={from.id}>
                <th scope="row" title={from.name}>
                  <NetworkName network={from} />
                </th>
                {networks.map((to) => (
                  <td key={to.id}>
                    {from !== to && (
                      <Cell
                        {...{ from, to }}
                        verdict={verdictOf(pairOf(from, to))}
                        onPoint={(said) => (pointed.value = said)}
                        onProve={(source) => (proving.value = { from, source, to })}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {proving.value !== null && <ProofDialog {...proving.value} onClose={() => (proving.value = null)} />}
      <p class="pointed">{pointed.value || <span class="fine">{say('reach.point')}</span>}</p>
      <p class="fine" role="status">
        {whole === null ? say('reach.computing', { done: partial.value.size, all }) : <ShownAge at={reach.at} />}
      </p>
    </>
  );
}

function NetworkName({ network: { kind, range, name } }: { readonly network: Network }) {
  return (
    <>
      <code>{range}</code>
      <span class="fine">
        {say(`reach.kind.${kind}`)} {name}
      </span>
    </>
  );
}

interface CellProps {
  readonly from: Network;
  readonly to: Network;
  readonly verdict: Verdict | undefined;
  readonly onPoint: (said: string) => void;
  readonly onProve: (source: SubnetId) => void;
}

/** Opens the way; from a subnet packets can prove it. */
function Cell({ from, to, verdict, onPoint, onProve }: CellProps) {
  const [search] = useSearchParams();
  const why = verdict === undefined ? say('reach.pending') : verdictSaid(verdict);
  const said = say('reach.cell', { from: from.range, to: to.range, verdict: why });
  const kind = verdict?.kind;
  const ends = { from: endOfNetwork(from), to: endOfNetwork(to), protocol: null, port: null };
  const source = subnetOf(from);
  const proveSaid = say('proof.cell', { from: from.range, to: to.range });
  return (
    <>
      <Link
        href={`/network?${searchWith(search, ends)}`}
        class={`cell ${kind ?? ''}`}
        aria-label={said}
        title={said}
        onFocus={() => onPoint(said)}
        onMouseEnter={() => onPoint(said)}
      >
        <span class="mark" aria-hidden="true">
          {kind === undefined ? '·' : shapes[kind]}
        </span>
      </Link>
      {source !== null && (
        <button type="button" class="prove" aria-label={proveSaid} title={proveSaid} onClick={() => onProve(source)}>
          <span aria-hidden="true">⇄</span>
        </button>
      )}
    </>
  );
}

function verdictSaid({ kind, end, problem }: Verdict): string {
  return [say(`reach.${kind}`), end === null ? problem : endSaid(end)].filter(Boolean).join(' – ');
}
