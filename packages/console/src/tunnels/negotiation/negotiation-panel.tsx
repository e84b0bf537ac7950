import { call } from '../../calls/call.ts';
import { useLoaded } from '../../live/loaded.ts';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import { clockOf } from '../timeline/timeline-chart.tsx';
import { lastNegotiation, type Line, type Message } from './messages.ts';

type TunnelId = Tunnel['VpnConnectionId'];

/** The last negotiation with the peer, message by message. */
export function NegotiationPanel({ id }: { readonly id: TunnelId }) {
  const negotiation = useLoaded(id, () => ({
    ...{ kinds: ['tunnelStates', 'vpnConnections'], id, everyMs: 15_000 },
    load: (isBackground: boolean) => read(id, isBackground),
  }));
  const messages = negotiation.value.value;
  return (
    <section class="panel">
      <h2>{say('handshake.title')}</h2>
      <Problem of={negotiation.problem.value} again={() => void negotiation.refresh(false)} />
      {messages?.length === 0 && <p class="empty">{say('handshake.none')}</p>}
      <ol class="messages">
        {messages?.map((message) => (
          <MessageOf key={message.id} message={message} />
        ))}
      </ol>
    </section>
  );
}

/** Probes of a peer that answers fill pages: further back nothing is looked for. */
const mostPages = 4;

async function read(id: TunnelId, isBackground: boolean): Promise<readonly Message[]> {
  const asked = { ResourceId: id, Kinds: ['ike' as const], Limit: 500 };
  const lines: Line[] = [];
  let token = '';
  for (let pages = 0; pages < mostPages; pages++) {
    const more = token === '' ? {} : { PaginationToken: token };
    const page = await call('DescribeTimeline', { ...asked, ...more }, { isBackground });
    lines.push(...page.LineSet);
    const messages = lastNegotiation(lines.toReversed());
    if (messages.length > 0 || page.IsLast) return messages;
    token = page.PaginationToken;
  }
  return [];
}

function MessageOf({ message }: { readonly message: Message }) {
  const { time, from, name, payloads, remarks } = message;
  return (
    <li class={`from-${from}`}>
      <p>
        <span aria-hidden="true">{from === 'us' ? '→' : '←'}</span>{' '}
        <span class="fine">{say(from === 'us' ? 'handshake.sent' : 'handshake.received')}</span> <strong>{name}</strong>{' '}
        <time class="fine number" dateTime={time} title={time}>
          {clockOf(Date.parse(time))}
        </time>
      </p>
      <code>{payloads}</code>
      {remarks.map((remark, index) => (
        <p key={index} class="fine">
          {remark}
        </p>
      ))}
    </li>
  );
}
