import { useMemo, useRef } from 'preact/hooks';
import { useSearchParams } from 'wouter-preact';
import { FilterField } from '../parts/filter-field.tsx';
import { isNarrow } from '../parts/is-narrow.ts';
import { Problem } from '../parts/problem.tsx';
import { useNameOf } from '../parts/resource-link.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { useVirtual } from '../parts/use-virtual.ts';
import { language, say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { RouteRow, RouteRowHeads } from './route-row.tsx';
import type { Holder } from './route.ts';
import { rowOf, shownRows, sorted, type Row, type Sayings, type SortBy } from './rows.ts';
import { sayUse } from './say-use.ts';
import { useRoutes } from './use-routes.ts';

const rowHeights = { wide: 36, narrow: 100 } as const;

/** Everything that packets may follow, in one table. Filter and order are part of the address. */
export function RoutesPage() {
  useTitle(say('nav.routes'));
  const known = useRoutes();
  const { routes, uses, parts } = known;
  const [search, setSearch] = useSearchParams();
  const filter = search.get('filter') ?? '';
  const sortBy = readSortBy(search.get('sort'));
  const show = (to: { readonly filter: string; readonly sortBy: SortBy }) => setSearch(written(to), { replace: true });
  const sayings = useSayings(known.names);
  const rows = useMemo(
    () => routes.map((route) => rowOf(route, uses.get(route) ?? { is: 'unknown', why: 'unseen' }, sayings)),
    [routes, uses, sayings],
  );
  const inOrder = useMemo(() => sorted(rows, sortBy), [rows, sortBy]);
  const shown = useMemo(() => shownRows(inOrder, filter, uses, sayings), [inOrder, filter, uses, sayings]);
  const isRead = known.at.value !== null;
  return (
    <section class="fills">
      <header class="bar">
        <h1>{say('nav.routes')}</h1>
        <FilterField label={say('routes.filter')} filter={filter} onFilter={(text) => show({ filter: text, sortBy })} />
        <span class="fine number" role="status">
          {isRead && say('routes.count', { shown: shown.length, all: rows.length })}
        </span>
        <ShownAge at={known.at} />
      </header>
      {parts.map((part, index) => (
        <Problem key={index} of={part.problem.value} again={() => void part.refresh(false)} />
      ))}
      {isRead && shown.length === 0 ? (
        <p class="empty">{say(rows.length === 0 ? 'routes.none' : 'routes.noMatch')}</p>
      ) : (
        <RouteTable rows={shown} sortBy={sortBy} onSort={(by) => show({ filter, sortBy: by })} />
      )}
    </section>
  );
}

function readSortBy(word: string | null): SortBy {
  return word === 'hop' || word === 'use' ? word : 'destination';
}

function written({ filter, sortBy }: { readonly filter: string; readonly sortBy: SortBy }): Record<string, string> {
  return { ...(filter === '' ? {} : { filter }), ...(sortBy === 'destination' ? {} : { sort: sortBy }) };
}

/** Anew when a name or the language is another one. */
function useSayings(names: ReadonlyMap<string, string>): Sayings {
  const { tunnels, gateways } = useWorld();
  const bookName = useNameOf();
  return useMemo(() => {
    const nameOf = (id: string) => names.get(id) ?? bookName(id);
    const from = ({ kind, name }: Holder) => say(`routes.from.${kind}`, { name });
    return { nameOf, from, use: (use) => sayUse(use, nameOf) };
  }, [names, tunnels.tunnels.value, gateways.value.value, language.value]);
}

interface RouteTableProps {
  readonly rows: readonly Row[];
  readonly sortBy: SortBy;
  readonly onSort: (by: SortBy) => void;
}

function RouteTable({ rows: shown, sortBy, onSort }: RouteTableProps) {
  const scrolled = useRef<HTMLDivElement>(null);
  const height = rowHeights[isNarrow.value ? 'narrow' : 'wide'];
  const { rows, totalHeight } = useVirtual({ count: shown.length, height, scrolled });
  return (
    <div class="rows" role="table" aria-label={say('nav.routes')} aria-rowcount={shown.length + 1}>
      <div role="rowgroup">
        <RouteRowHeads sortBy={sortBy} onSort={onSort} />
      </div>
      <div class="scrolled" role="rowgroup" tabIndex={0} ref={scrolled}>
        <div role="presentation" style={{ height: `${totalHeight}px` }}>
          {rows.map(({ index, start }) => {
            const row = shown[index];
            return row && <RouteRow key={row.route.key} {...{ row, index, start, height }} />;
          })}
        </div>
      </div>
    </div>
  );
}
