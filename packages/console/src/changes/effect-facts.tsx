import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { affected, byLoss, changesNetwork, isLoss, type Cell, type Preview, type TunnelEffect } from './effect.ts';

/** Of a large network nobody reads more before he decides; how many more there are is said. */
const mostShown = 100;

/** What a call would do: to which tunnels, to who reaches whom, to which networks. */
export function EffectFacts({ preview }: { readonly preview: Preview }) {
  if (!changesNetwork(preview) && preview.ReachabilityComplete) return <p>{say('effect.none')}</p>;
  const tunnels = affected(preview.Tunnels);
  const untouched = preview.Tunnels.length - tunnels.length;
  return (
    <>
      <h3>{say('effect.tunnels')}</h3>
      <ShortList items={tunnels} empty={say('effect.noTunnels')} show={(tunnel) => <TunnelLine tunnel={tunnel} />} />
      {untouched > 0 && <p class="fine">{say('effect.untouched', { count: untouched })}</p>}
      <h3>{say('effect.reach')}</h3>
      <ShortList
        items={byLoss(preview.Reachability)}
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
            <code>{ResourceId}</code> {say(`effect.${Change}`)} <span class="fine">{Parts.join(', ')}</span>
          </>
        )}
      />
    </>
  );
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
  const { tunnels } = useWorld();
  return (
    <>
      <span class={`mark ${effectKinds[Effect]}`}>{say(`effect.tunnel.${Effect}`)}</span>{' '}
      {tunnels.of(id)?.VpnConnectionName ?? ''} <code class="fine">{id}</code>{' '}
      <span class="fine">{Parts.join(', ')}</span>
    </>
  );
}

function CellLine({ cell }: { readonly cell: Cell }) {
  const { From, To, Before, After } = cell;
  return (
    <>
      <span class={`mark ${isLoss(cell) ? 'bad' : 'good'}`}>{say(isLoss(cell) ? 'effect.loses' : 'effect.gains')}</span>{' '}
      <code>{From.Range}</code> <span class="fine">{From.Id}</span> → <code>{To.Range}</code>{' '}
      <span class="fine">{To.Id}</span>: {say(`effect.reach.${Before}`)} → {say(`effect.reach.${After}`)}
    </>
  );
}
