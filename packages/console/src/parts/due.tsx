import { now } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { language, say } from '../words/said.ts';

/** How long it is until an instant of the service, or since when it is overdue: it counts down. */
export function Due({ at }: { readonly at: string }) {
  const leftMs = Date.parse(at) - now.value;
  return (
    <time dateTime={at} title={at} class="number">
      {say(leftMs < 0 ? 'due.overdue' : 'due.in', { span: spanOf(Math.abs(leftMs), language.value) })}
    </time>
  );
}
