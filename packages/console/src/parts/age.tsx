import { now } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { language } from '../words/said.ts';

/** How long ago an instant of the service was: it counts on. */
export function ageOf(instant: string): string {
  return spanOf(now.value - Date.parse(instant), language.value);
}

/** The same as an element, with the instant itself for whoever wants to know. */
export function Age({ since }: { readonly since: string }) {
  return (
    <time dateTime={since} title={since} class="number">
      {ageOf(since)}
    </time>
  );
}
