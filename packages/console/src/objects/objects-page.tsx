import { Link, useSearchParams } from 'wouter-preact';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { Table } from '../parts/table.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { hrefOf } from './addresses.ts';
import { kinds } from './kinds.ts';
import { pageSize, type ObjectKind } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';
import { Pager } from './pager.tsx';

/** The objects of one kind, page by page: the way to their forms. */
export function ObjectsPage({ slug }: { readonly slug: string }) {
  const kind = kinds.find((each) => each.slug === slug);
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
      </header>
      {kind === undefined ? <p class="empty">{say('nav.nowhere')}</p> : <KindList key={kind.slug} kind={kind} />}
    </section>
  );
}

/** Region by region, as the service keeps them. */
function KindList({ kind }: { readonly kind: ObjectKind }) {
  const { session } = useWorld();
  const regions = kind.isGlobal === true ? session.Regions.slice(0, 1) : session.Regions;
  return regions.map((region) => (
    <RegionList key={region} kind={kind} region={region} heading={regions.length > 1 ? region : say(kind.word)} />
  ));
}

interface RegionListProps {
  readonly kind: ObjectKind;
  readonly region: string;
  readonly heading: string;
}

/** The page that is shown of one region is part of the address. */
function RegionList({ kind, region, heading }: RegionListProps) {
  const [search, setSearch] = useSearchParams();
  const from = search.get('region') === region ? Number(search.get('from')) : 0;
  const offset = Number.isSafeInteger(from) ? Math.max(0, from) : 0;
  const loaded = useLoaded(`${kind.slug} ${region} ${offset}`, () => ({
    ...{ kinds: kind.rows, everyMs: 60_000 },
    load: (isBackground: boolean) => kind.read({ offset }, { region, isBackground }),
  }));
  const page = loaded.value.value;
  return (
    <section class="panel">
      <h2>{heading}</h2>
      <ShownAge at={loaded.at} />
      <Problem of={loaded.problem.value} again={() => void loaded.refresh(false)} />
      {page?.objects.length === 0 && <p class="empty">{say('objects.none')}</p>}
      {page !== null && page.objects.length > 0 && <ObjectTable objects={page.objects} label={heading} />}
      <Pager
        {...{ offset, total: page?.total ?? 0, pageSize }}
        onOffset={(to) => setSearch({ region, from: String(to) })}
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
