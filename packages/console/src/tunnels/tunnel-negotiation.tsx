import { call, type Reply } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import { Fact } from '../parts/fact.tsx';
import type { Tunnel } from './tunnel.ts';

type Status = Reply<'DescribeSystemStatus'>['Gateways'][number]['Tunnels'][number];

/** What is negotiated now, and what probes say. */
export function TunnelNegotiation({ tunnel }: { readonly tunnel: Tunnel }) {
  const { VpnConnectionId: id, VpnGatewayId: gatewayId } = tunnel;
  const status = useLoaded(id, () => ({
    ...{ kinds: ['tunnelStates', 'vpnConnections'], id, everyMs: 15_000 },
    load: async (isBackground: boolean) => {
      const { Gateways } = await call('DescribeSystemStatus', {}, { isBackground });
      const gateway = Gateways.find(({ VpnGatewayId }) => VpnGatewayId === gatewayId);
      return gateway?.Tunnels.find(({ VpnConnectionId }) => VpnConnectionId === id) ?? null;
    },
  }));
  const now = status.value.value;
  return (
    <section class="panel">
      <h2>{say('tunnel.condition')}</h2>
      <Problem of={status.problem.value} again={() => void status.refresh(false)} />
      {now !== null && <NegotiatedFacts now={now} />}
    </section>
  );
}

function NegotiatedFacts({ now }: { readonly now: Status }) {
  const { IkeEstablished, Children, LastError, Usable, Fault, HealthCheck, Notes } = now;
  return (
    <dl class="facts">
      <Fact name={say('tunnel.ike')}>
        <Presence isThere={IkeEstablished} />
      </Fact>
      {Children.map(({ Name, Installed }) => (
        <Fact key={Name} name={say('tunnel.child')}>
          <Presence isThere={Installed} /> <code class="fine">{Name}</code>
        </Fact>
      ))}
      <Fact name={say('tunnel.routes')}>
        {say(Usable ? 'tunnel.usable' : 'tunnel.notUsable')} {Fault !== '' && <code class="fine">{Fault}</code>}
      </Fact>
      <Fact name={say('tunnel.check')}>
        {HealthCheck === null ? <span class="fine">{say('tunnel.noCheck')}</span> : <Check check={HealthCheck} />}
      </Fact>
      {LastError !== '' && <Fact name={say('tunnel.lastError')}>{LastError}</Fact>}
      {Notes.map((note) => (
        <Fact key={note} name={say('severity.notice')}>
          {note}
        </Fact>
      ))}
    </dl>
  );
}

function Check({ check }: { readonly check: NonNullable<Status['HealthCheck']> }) {
  const { State, Sent, Lost, DelayMs } = check;
  const kind = { AVAILABLE: 'good', UNAVAILABLE: 'bad', UNKNOWN: 'unknown' }[State];
  const delay = DelayMs === null ? say('tunnel.noAnswers') : say('tunnel.delay', { ms: DelayMs.toFixed(1) });
  return (
    <>
      <span class={`mark ${kind}`}>{say(`check.${State}`)}</span>{' '}
      <span class="fine number">{say('tunnel.checkNumbers', { lost: Lost, sent: Sent, delay })}</span>
    </>
  );
}

function Presence({ isThere }: { readonly isThere: boolean }) {
  return (
    <span class={`mark ${isThere ? 'good' : 'bad'}`}>
      <span aria-hidden="true">{isThere ? '●' : '▲'}</span> {say(isThere ? 'tunnel.installed' : 'tunnel.missing')}
    </span>
  );
}
