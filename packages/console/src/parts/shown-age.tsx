import type { ReadonlySignal } from '@preact/signals';
import { passedSince } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { connection } from '../live/stream.ts';
import { language, say } from '../words/said.ts';

/** Within this nothing is said: what is shown is followed live. */
const freshMs = 30_000;

/** Says how old what is shown is, where it is not followed live. */
export function ShownAge({ at }: { readonly at: ReadonlySignal<number | null> }) {
  if (at.value === null) return <span class="fine">{say('shown.loading')}</span>;
  const ageMs = passedSince(at.value);
  if (connection.value === 'live' && ageMs < freshMs) return null;
  return <span class="fine old">{say('shown.as', { age: spanOf(ageMs, language.value) })}</span>;
}
