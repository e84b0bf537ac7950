import { NamedObject } from '../names/named-object.tsx';
import { useNames } from '../names/use-names.ts';
import { say } from '../words/said.ts';
import { affected, byLoss, changesNetwork, isLoss, type Cell, type Preview, type TunnelEffect } from './effect.ts';

/** Of a large network nobody reads more before he decides; how many more there are is said. */
const mostShown = 100;

interface EffectFactsProps {
  readonly preview: Preview;
  readonly region: string;
}

/** What a call would do: to which tunnels, to who reaches whom, to which networks. */
export function EffectFacts({ preview, region }: EffectFactsProps) {
  const tunnels = affected(preview.Tunnels);
  const cells = byLoss(preview.Reachability);
  useNames(shownIds(preview.Plans, cells), region);
  if (!changesNetwork(preview) && preview.ReachabilityComplete) return <p>{say('effect.none')}</p>;
  const untouched = preview.Tunnels.length - tunnels.length;
  return (
    <>
      <h3>{say('effect.tunnels')}</h3>
      <ShortList items={tunnels} empty={say('effect.noTunnels')} show={(tunnel) => <TunnelLine tunnel={tunnel} />} />
      {untouched > 0 && <p class="fine">{say('effect.untouched', { count: untouched })}</p>}
      <h3>{say('effect.reach')}</h3>
      <ShortList
        items={cells}
        empty={say(preview.ReachabilityComplete ? 'effect.noReach' : 'effect.noReachSoFar')}
        show={(cell) => <CellLine cell={cell} />}
      />
      {!preview.ReachabilityComplete && <p class="old">{say('effect.notAll')}</p>}
      <h3>{say('effect.networks')}</h3>
      <ShortList
        items={preview.Plans}
        empty={say('effect.noNetworks')}
        show={({ ResourceId, Change, Parts }) => (
          <>
            <NamedObject id={ResourceId} /> {say(`effect.${Change}`)} <span class="fine">{Parts.join(', ')}</span>
          </>
        )}
      />
    </>
  );
}

/** Of networks and places; of tunnels the names are known. */
function shownIds(plans: Preview['Plans'], cells: readonly Cell[]): readonly string[] {
  const ofPlans = plans.slice(0, mostShown).map(({ ResourceId }) => ResourceId);
  return [...new Set([...ofPlans, ...cells.slice(0, mostShown).flatMap(({ From, To }) => [From.Id, To.Id])])];
}

interface ShortListProps<T> {
  readonly items: readonly T[];
  readonly empty: string;
  readonly show: (item: T) => preact.ComponentChild;
}

function ShortList<T>({ items, empty, show }: ShortListProps<T>) {
  if (items.length === 0) return <p class="fine">{empty}</p>;
  return (
    <ul class="effects">
      {items.slice(0, mostShown).map((item, index) => (
        <li key={index}>{show(item)}</li>
      ))}
      {items.length > mostShown && <li class="fine">{say('effect.more', { count: items.length - mostShown })}</li>}
    </ul>
  );
}

const effectKinds = { none: 'unknown', rekey: 'waiting', new: 'good', interruption: 'bad' } as const;

function TunnelLine({ tunnel: { VpnConnectionId: id, Effect, Parts } }: { readonly tunnel: TunnelEffect }) {
  return (
    <>
      <span class={`mark ${effectKinds[Effect]}`}>{say(`effect.tunnel.${Effect}`)}</span> <NamedObject id={id} />{' '}
      <span class="fine">{Parts.join(', ')}</span>
    </>
  );
}

function CellLine({ cell }: { readonly cell: Cell }) {
  const { From, To, Before, After } = cell;
  return (
    <>
      <span class={`mark ${isLoss(cell) ? 'bad' : 'good'}`}>{say(isLoss(cell) ? 'effect.loses' : 'effect.gains')}</span>{' '}
      <code>{From.Range}</code> <NamedObject id={From.Id} /> → <code>{To.Range}</code> <NamedObject id={To.Id} />:{' '}
      {say(`effect.reach.${Before}`)} → {say(`effect.reach.${After}`)}
    </>
  );
}
