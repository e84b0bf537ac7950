import { call, type Reply } from '../../calls/call.ts';
import { GentleCalls } from '../../calls/gentle-calls.ts';
import { useLoaded } from '../../live/loaded.ts';
import { resting } from '../../live/resting.ts';
import { Problem } from '../../parts/problem.tsx';
import { ShownAge } from '../../parts/shown-age.tsx';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import { IkeSaPart } from './ike-sa-part.tsx';

type Sas = Reply<'DescribeTunnelSas'>;

/** Counters move without news. */
const everyMs = 3000;

/** The SAs of a tunnel as they are, asked for again and again while the page is seen. */
export function SasPanel({ id }: { readonly id: Tunnel['VpnConnectionId'] }) {
  const sas = useLoaded(id, () => {
    const calls = new GentleCalls(call);
    return {
      ...{ kinds: ['tunnelStates', 'vpnConnections'], id, everyMs },
      load: resting((isBackground) => calls.call('DescribeTunnelSas', { VpnConnectionId: id }, { isBackground })),
    };
  });
  const now = sas.value.value;
  return (
    <section class="panel wide">
      <h2>{say('sas.title')}</h2>
      <ShownAge at={sas.at} />
      <Problem of={sas.problem.value} again={() => void sas.refresh(false)} />
      {now !== null && <SaParts sas={now} />}
    </section>
  );
}

function SaParts({ sas }: { readonly sas: Sas }) {
  const { IkeSaSet, IkeSaCount, ChildSaCount } = sas;
  if (IkeSaCount === 0) return <p class="empty">{say('sas.none')}</p>;
  const shown = IkeSaSet.reduce((sum, { ChildSaSet }) => sum + ChildSaSet.length, 0);
  const isCut = IkeSaCount > IkeSaSet.length || ChildSaCount > shown;
  return (
    <>
      {IkeSaSet.map((ikeSa) => (
        <IkeSaPart key={ikeSa.UniqueId} ikeSa={ikeSa} />
      ))}
      {isCut && <p class="fine">{say('sas.cut', { ike: IkeSaCount, child: ChildSaCount })}</p>}
    </>
  );
}
