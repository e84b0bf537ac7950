import { ageOf } from '../../parts/age.tsx';
import { say } from '../../words/said.ts';
import { clockOf } from '../timeline/timeline-chart.tsx';
import type { Message, Part } from './messages.ts';
import type { Stop } from './stop-of.ts';

interface SequenceProps {
  readonly parts: readonly Part[];
  readonly stop: Stop | null;
}

/** A tunnel that lives long renews its SAs often: these are shown of what followed. */
const mostFollowing = 6;

/** Two sides and the messages between them, in their order. */
export function Sequence({ parts, stop }: SequenceProps) {
  const [first, ...following] = parts;
  // Where it stopped is shown wherever that was.
  const isStop = ({ messages }: Part) => messages.some(({ id }) => id === stop?.after);
  const shown = following.filter((part, at) => at >= following.length - mostFollowing || isStop(part));
  const left = following.length - shown.length;
  return (
    <div class="sequence">
      <p class="sides" aria-hidden="true">
        <span>{say('tunnel.ours')}</span>
        <span>{say('tunnel.theirs')}</span>
      </p>
      {first !== undefined && <PartOf part={first} stop={stop} />}
      {left > 0 && <p class="between fine">{say('handshake.between', { count: left })}</p>}
      {shown.map((part) => (
        <PartOf key={part.messages[0]?.id} part={part} stop={stop} />
      ))}
    </div>
  );
}

function PartOf({ part, stop }: { readonly part: Part; readonly stop: Stop | null }) {
  const { kind, messages } = part;
  const [begin] = messages;
  return (
    <section>
      <h3>
        {say(`handshake.${kind}`)}{' '}
        {begin !== undefined && (
          <time class="fine number" dateTime={begin.time} title={begin.time}>
            {say('tunnels.ago', { age: ageOf(begin.time) })}
          </time>
        )}
      </h3>
      <ol class="messages">
        {messages.map((message) => (
          <MessageOf key={message.id} message={message} stop={stop?.after === message.id ? stop : null} />
        ))}
      </ol>
    </section>
  );
}

function MessageOf({ message, stop }: { readonly message: Message; readonly stop: Stop | null }) {
  const { time, from, name, payloads, remarks } = message;
  return (
    <li class={`from-${from}${stop === null ? '' : ' stopped'}`}>
      <p>
        <span class="hidden">{say(from === 'us' ? 'handshake.sent' : 'handshake.received')}</span>{' '}
        <strong>{name}</strong> <code>{payloads}</code>{' '}
        <time class="fine number" dateTime={time} title={time}>
          {clockOf(Date.parse(time))}
        </time>
      </p>
      <span class="arrow" aria-hidden="true" />
      {remarks.map((remark, index) => (
        <p key={index} class="fine">
          {remark}
        </p>
      ))}
      {stop?.findings.map(({ Code, Summary }) => (
        <p key={Code} class="mark bad">
          <span aria-hidden="true">✕</span> {say('handshake.stopped')} {Summary} <code>{Code}</code>
        </p>
      ))}
    </li>
  );
}
