import { Link, useSearchParams } from 'wouter-preact';
import { useLoaded } from '../live/loaded.ts';
import { useLast } from '../live/use-last.ts';
import { useSettled } from '../live/use-settled.ts';
import { FilterField } from '../parts/filter-field.tsx';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { Table } from '../parts/table.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { hrefOf } from './addresses.ts';
import { readMatching } from './read-matching.ts';
import { kinds } from './kinds.ts';
import { pageSize, type ObjectKind } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';
import { Pager } from './pager.tsx';

/** The objects of one kind, page by page: the way to their forms. The filter is part of the address. */
export function ObjectsPage({ slug }: { readonly slug: string }) {
  const kind = kinds.find((each) => each.slug === slug);
  const [search, setSearch] = useSearchParams();
  const filter = search.get('filter') ?? '';
  useTitle(kind === undefined ? '' : say(kind.word));
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.objects')}</h1>
        <nav class="kinds" aria-label={say('objects.kinds')}>
          {kinds.map((each) => (
            <Link key={each.slug} href={`/objects/${each.slug}`} aria-current={each === kind ? 'page' : undefined}>
              {say(each.word)}
            </Link>
          ))}
        </nav>
        {kind !== undefined && (
          <FilterField
            label={say('objects.filter')}
            filter={filter}
            onFilter={(text) => setSearch(text === '' ? {} : { filter: text }, { replace: true })}
          />
        )}
      </header>
      {kind === undefined ? (
        <p class="empty">{say('nav.nowhere')}</p>
      ) : (
        <KindList key={kind.slug} {...{ kind, filter }} />
      )}
    </section>
  );
}

interface KindListProps {
  readonly kind: ObjectKind;
  readonly filter: string;
}

/** Region by region, as the service keeps them. */
function KindList({ kind, filter }: KindListProps) {
  const { session } = useWorld();
  const regions = kind.isGlobal === true ? session.Regions.slice(0, 1) : session.Regions;
  return regions.map((region) => (
    <RegionList key={region} {...{ kind, filter, region }} heading={regions.length > 1 ? region : say(kind.word)} />
  ));
}

interface RegionListProps extends KindListProps {
  readonly region: string;
  readonly heading: string;
}

/** The page that is shown of one region is part of the address. */
function RegionList({ kind, filter, region, heading }: RegionListProps) {
  const [search, setSearch] = useSearchParams();
  const from = search.get('region') === region ? Number(search.get('from')) : 0;
  const offset = Number.isSafeInteger(from) ? Math.max(0, from) : 0;
  const asked = useSettled({ text: filter.trim(), offset });
  const loaded = useLoaded(`${kind.slug} ${region} ${asked.offset} ${asked.text}`, () => ({
    ...{ kinds: kind.rows, everyMs: 60_000 },
    load: (isBackground: boolean, signal: AbortSignal) => readMatching(kind, asked, { region, isBackground, signal }),
  }));
  const page = useLast(loaded);
  return (
    <section class="panel" aria-busy={loaded.value.value === null}>
      <h2>{heading}</h2>
      <span class="fine number" role="status">
        {asked.text !== '' && page !== null && say('objects.found', { count: page.total })}
      </span>
      <ShownAge at={loaded.at} />
      <Problem of={loaded.problem.value} again={() => void loaded.refresh(false)} />
      {page?.objects.length === 0 && <p class="empty">{say(asked.text === '' ? 'objects.none' : 'objects.noMatch')}</p>}
      {page !== null && page.objects.length > 0 && <ObjectTable objects={page.objects} label={heading} />}
      <Pager
        {...{ offset: asked.offset, total: page?.total ?? 0, pageSize }}
        onOffset={(to) => setSearch({ ...(filter === '' ? {} : { filter }), region, from: String(to) })}
      />
    </section>
  );
}

interface ObjectTableProps {
  readonly objects: readonly ShownObject[];
  readonly label: string;
}

function ObjectTable({ objects, label }: ObjectTableProps) {
  return (
    <Table heads={[say('objects.name'), say('objects.id'), say('objects.what')]} label={label}>
      {objects.map(({ id, name, summary }) => (
        <tr key={id}>
          <th scope="row">
            <Link href={hrefOf(id) ?? ''}>{name || id}</Link>
          </th>
          <td>
            <code class="fine">{id}</code>
          </td>
          <td>
            <code>{summary}</code>
          </td>
        </tr>
      ))}
    </Table>
  );
}
