import { Link, useSearchParams } from 'wouter-preact';
import { shapes } from '../tunnels/state-mark.tsx';
import { kindOf, type StateKind, type TunnelState } from '../tunnels/tunnel.ts';
import { say } from '../words/said.ts';
import { hrefOf } from './addresses.ts';
import { namedEnd, type Direction, type Trace, type Way, type WayEnd } from './reach.ts';

type Hop = Way['Hops'][number];
type Decision = NonNullable<Hop['Decision']>;
type Rival = Hop['Rivals'][number];

/** The way there and the way back. */
export function PathView({ trace }: { readonly trace: Trace }) {
  const { Traffic, Forward, Return } = trace;
  return (
    <>
      {Traffic !== 'network' && <p>{say(`path.own.${Traffic}`)}</p>}
      <div class="panels">
        <DirectionView direction={Forward} word="path.forward" />
        {Return === null ? (
          <p class="empty">{say('path.noReturn')}</p>
        ) : (
          <DirectionView direction={Return} word="path.return" />
        )}
      </div>
    </>
  );
}

interface DirectionViewProps {
  readonly direction: Direction;
  readonly word: 'path.forward' | 'path.return';
}

function DirectionView({ direction, word }: DirectionViewProps) {
  const { SourceAddress: from, DestinationAddress: to, Ways, WayCount } = direction;
  return (
    <section class="direction">
      <h3>{say(word, { from, to })}</h3>
      {Ways.map((way, index) => (
        <div key={index}>
          {WayCount > 1 && <p class="fine">{say('path.way', { number: index + 1, count: WayCount })}</p>}
          <ol class="hops">
            {way.Hops.map((hop, number) => (
              <HopView key={number} hop={hop} />
            ))}
            <EndView end={namedEnd(way)} />
          </ol>
        </div>
      ))}
    </section>
  );
}

function HopView({ hop }: { readonly hop: Hop }) {
  const [search] = useSearchParams();
  const { ResourceId, Name, OtherAccount, Decision, Rivals, RivalCount } = hop;
  return (
    <li>
      <Link href={hrefOf(ResourceId, search)}>{Name || ResourceId}</Link>{' '}
      {OtherAccount ? (
        <span class="fine">{say('path.inside')}</span>
      ) : Decision === null ? (
        <span class="fine">{say('path.undecided')}</span>
      ) : (
        <CandidateText of={Decision} />
      )}
      {Rivals.length > 0 && (
        <details>
          <summary>{say('path.beaten', { count: RivalCount })}</summary>
          <ul>
            {Rivals.map((rival, index) => (
              <li key={index}>
                <CandidateText of={rival} /> <strong>{lossText(rival)}</strong>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function lossText({ LostBy, Detail }: Rival): string {
  return Detail === '' ? say(`path.lost.${LostBy}`) : `${say(`path.lost.${LostBy}`)} (${Detail})`;
}

export function CandidateText({ of }: { readonly of: Decision | Rival }) {
  const [search] = useSearchParams();
  const { Kind, Id, Range, SourceRange, Priority, NextHopId } = of;
  return (
    <span>
      {say(`path.decides.${Kind}`)} <code>{Range}</code>
      {SourceRange !== '' && <> {say('path.fromRange', { range: SourceRange })}</>}
      {Priority !== null && <> {say('path.priority', { priority: Priority })}</>}
      {NextHopId !== '' && (
        <>
          {' → '}
          <Link href={hrefOf(NextHopId, search)}>{NextHopId}</Link>
        </>
      )}
      {Id !== '' && Id !== NextHopId && (
        <>
          {' '}
          <code class="fine">{Id}</code>
        </>
      )}
    </span>
  );
}

function EndView({ end }: { readonly end: WayEnd }) {
  const kind = endKind(end);
  return (
    <li class={`end ${kind}`}>
      <span class={`mark ${kind}`} aria-hidden="true">
        {shapes[kind]}
      </span>{' '}
      {endSaid(end)}{' '}
      {end.Kind === 'tunnel' && <Link href={`/tunnels/${end.ResourceId}`}>{end.Name || end.ResourceId}</Link>}
    </li>
  );
}

function endKind({ Kind, State }: WayEnd): StateKind {
  if (Kind === 'dropped') return 'bad';
  return Kind === 'tunnel' ? kindOf({ State: State as TunnelState }) : 'good';
}

/** Where a way ends, and why, in a sentence. */
export function endSaid({ Kind, Name, ResourceId, Reason, PeerAddress, CustomerGatewayName, State }: WayEnd): string {
  const name = Name || ResourceId;
  if (Kind === 'dropped') {
    const reason = Reason === '' ? '' : say(`path.lossReason.${Reason}`);
    return name === '' ? say('path.end.nowhere', { reason }) : say('path.end.dropped', { name, reason });
  }
  const peer = [CustomerGatewayName, PeerAddress].filter(Boolean).join(' ');
  const said = say(`path.end.${Kind}`, { name, peer });
  if (Kind !== 'tunnel') return said;
  return `${said} ${say('path.tunnelState', { state: say(`state.${State as TunnelState}`) })}`;
}
