import { useRef } from 'preact/hooks';
import { useSearchParams } from 'wouter-preact';
import { FilterField } from '../parts/filter-field.tsx';
import { CreateLink } from '../create/create-link.tsx';
import { isNarrow } from '../parts/is-narrow.ts';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useVirtual } from '../parts/use-virtual.ts';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { TunnelRow, TunnelRowHeads } from './tunnel-row.tsx';
import { byNeed, fits, kindOf, type Tunnel } from './tunnel.ts';

const rowHeights = { wide: 36, narrow: 76 } as const;

/** Every tunnel, what needs a look first. The filter is part of the address, so that it can be sent to somebody. */
export function TunnelsPage() {
  useTitle(say('nav.tunnels'));
  const { tunnels, gateways } = useWorld();
  const [search, setSearch] = useSearchParams();
  const filter = search.get('filter') ?? '';
  const all = tunnels.tunnels.value;
  const shown = (all ?? []).filter((tunnel) => isShown(tunnel, filter, gateways.nameOf(tunnel.VpnGatewayId)));
  shown.sort(byNeed);
  return (
    <section class="fills">
      <header class="bar">
        <h1>{say('nav.tunnels')}</h1>
        <FilterField
          label={say('tunnels.filter')}
          filter={filter}
          onFilter={(text) => setSearch(text === '' ? {} : { filter: text }, { replace: true })}
        />
        <span class="fine number" role="status">
          {all !== null && say('tunnels.count', { shown: shown.length, all: all.length })}
        </span>
        <ShownAge at={tunnels.at} />
        <CreateLink />
      </header>
      <Problem of={tunnels.problem.value} again={() => void tunnels.readAll(false)} />
      {all !== null && shown.length === 0 ? (
        <p class="empty">{say(all.length === 0 ? 'tunnels.none' : 'tunnels.noMatch')}</p>
      ) : (
        <TunnelTable shown={shown} />
      )}
    </section>
  );
}

function isShown(tunnel: Tunnel, filter: string, gatewayName: string): boolean {
  return fits(tunnel, filter, [gatewayName, say(`state.${tunnel.State}`), say(`kind.${kindOf(tunnel)}`)]);
}

function TunnelTable({ shown }: { readonly shown: readonly Tunnel[] }) {
  const scrolled = useRef<HTMLDivElement>(null);
  const height = rowHeights[isNarrow.value ? 'narrow' : 'wide'];
  const { rows, totalHeight, scrollTo } = useVirtual({ count: shown.length, height, scrolled });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const index = Number((event.target as HTMLElement).dataset['index']);
    if (step === undefined || Number.isNaN(index)) return;
    event.preventDefault();
    scrollTo(index + step);
    requestAnimationFrame(() =>
      scrolled.current?.querySelector<HTMLElement>(`[data-index="${index + step}"]`)?.focus(),
    );
  };
  return (
    <div
      class="rows"
      role="table"
      aria-label={say('nav.tunnels')}
      aria-rowcount={shown.length + 1}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        <TunnelRowHeads />
      </div>
      <div class="scrolled" role="presentation" ref={scrolled}>
        <div role="rowgroup" style={{ height: `${totalHeight}px` }}>
          {rows.map(({ index, start }) => {
            const tunnel = shown[index];
            return tunnel && <TunnelRow key={tunnel.VpnConnectionId} {...{ tunnel, index, start, height }} />;
          })}
        </div>
      </div>
    </div>
  );
}
