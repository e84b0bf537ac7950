import { passedSince } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { connection, heardAt, isAgentHeard } from '../live/stream.ts';
import { language, say } from '../words/said.ts';

/** What makes all that is shown doubtful. */
export function Banner() {
  if (connection.value === 'lost') {
    const age = spanOf(heardAt.value === null ? 0 : passedSince(heardAt.value), language.value);
    return (
      <p class="banner bad" role="alert">
        {say('banner.lost', { age })}
      </p>
    );
  }
  if (!isAgentHeard.value) {
    return (
      <p class="banner waiting" role="alert">
        {say('banner.agent')}
      </p>
    );
  }
  return null;
}
