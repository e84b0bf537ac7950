import { say } from '../words/said.ts';
import type { SystemStatus } from './system-status.ts';

type Condition = SystemStatus['Conditions'][number];

/** With a thousand tunnels there are as many. */
const mostShown = 100;

/** What is wrong and what to do, all of it; what is well as far as anybody reads it. */
export function Conditions({ conditions }: { readonly conditions: readonly Condition[] }) {
  const [met, broken] = [conditions.filter(({ Ok }) => Ok), conditions.filter(({ Ok }) => !Ok)];
  return (
    <section class="panel">
      <h2>{say('host.conditions')}</h2>
      {broken.length === 0 && <p class="empty">{say('host.allWell')}</p>}
      <ul class="conditions">
        {broken.map(({ Name, Message }) => (
          <li key={Name}>
            <span class="mark bad">
              <span aria-hidden="true">▲</span> {Name}
            </span>{' '}
            {Message}
          </li>
        ))}
      </ul>
      {met.length > 0 && (
        <details>
          <summary>{say('host.met', { count: met.length })}</summary>
          <ul class="conditions">
            {met.slice(0, mostShown).map(({ Name }) => (
              <li key={Name}>
                <span class="mark good">
                  <span aria-hidden="true">●</span> {Name}
                </span>
              </li>
            ))}
          </ul>
          {met.length > mostShown && <p class="fine">{say('mutes.more', { count: met.length - mostShown })}</p>}
        </details>
      )}
    </section>
  );
}
