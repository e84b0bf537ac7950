import { ResourceLink } from '../parts/resource-link.tsx';
import { say } from '../words/said.ts';
import type { Row, SortBy } from './rows.ts';
import type { Use } from './use-of.ts';

interface RouteRowProps {
  readonly row: Row;
  /** Of all that fit, from 0. */
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly start: number;
  readonly height: number;
}

export function RouteRow({ row, index, start, height }: RouteRowProps) {
  const { route, hopName, from } = row;
  const look = lookOf(row.use);
  return (
    <div
      class="row route"
      role="row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${start}px)`, height: `${height}px` }}
    >
      <span role="cell" class="destination" title={route.note}>
        <code>{route.destination}</code> {route.note !== '' && <span class="fine">{noteOf(row)}</span>}
      </span>
      <span role="cell" class="hop">
        <ResourceLink id={route.hop} name={hopName} />
      </span>
      <span role="cell" class="from" title={from}>
        {from}
      </span>
      <span role="cell" class="priority number">
        {route.priority ?? <span class="fine">–</span>}
      </span>
      <span role="cell" class="use" title={row.useWords}>
        <span class={`mark ${look}`} aria-hidden="true">
          {shapes[look]}
        </span>{' '}
        {row.useWords}
      </span>
    </div>
  );
}

/** Of a policy the range on this side, which its packets come from. */
function noteOf({ route: { holder, note } }: Row): string {
  return holder.kind === 'policies' ? say('routes.fromRange', { range: note }) : note;
}

type Look = 'good' | 'bad' | 'unknown' | 'meant';

/** Shapes that are told apart without colour. */
const shapes: Readonly<Record<Look, string>> = { good: '●', bad: '▲', unknown: '○', meant: '◇' };

const faults = ['no-child-sa', 'probe', 'hold-down', 'no-line', 'refused', 'unannounced', 'unattached'];

/** What does not work needs a look; that another route comes first, or that it is disabled, is as it was meant. */
function lookOf(use: Use): Look {
  if (use.is === 'unknown') return 'unknown';
  if (use.is === 'used') return 'good';
  return faults.includes(use.why.kind) ? 'bad' : 'meant';
}

const columns = ['destination', 'hop', 'from', 'priority', 'use'] as const;

interface RouteRowHeadsProps {
  readonly sortBy: SortBy;
  readonly onSort: (by: SortBy) => void;
}

export function RouteRowHeads({ sortBy, onSort }: RouteRowHeadsProps) {
  return (
    <div class="row route heads" role="row" aria-rowindex={1}>
      {columns.map((column) => {
        const name = say(`routes.${column}`);
        if (column === 'from' || column === 'priority')
          return (
            <span key={column} role="columnheader" class={column}>
              {name}
            </span>
          );
        const isSorted = sortBy === column;
        return (
          <span key={column} role="columnheader" class={column} aria-sort={isSorted ? 'ascending' : 'none'}>
            <button type="button" class="quiet" onClick={() => onSort(column)}>
              {name}
              {isSorted && <span aria-hidden="true"> ↓</span>}
            </button>
          </span>
        );
      })}
    </div>
  );
}
