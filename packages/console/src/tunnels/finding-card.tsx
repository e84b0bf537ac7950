import { MuteButton } from '../keys/mute-button.tsx';
import { Age } from '../parts/age.tsx';
import { say } from '../words/said.ts';
import { SettingName } from './setting-name.tsx';
import { SeverityMark } from './state-mark.tsx';
import type { Finding } from './tunnel.ts';
import { Fact } from '../parts/fact.tsx';

/** One thing that is wrong: what it is, ours beside theirs, and what to do at either end. */
export function FindingCard({ finding }: { readonly finding: Finding }) {
  const { Severity, Summary, Code, Since, Layer, Field, Ours, Theirs, FixHere, FixThere, Causes, Evidence } = finding;
  const isCompared = Ours !== null || Theirs !== null;
  return (
    <article class="finding-card">
      <header>
        <SeverityMark severity={Severity} />
        <h3>{Summary}</h3>
        <span class="fine">
          <code>{Code}</code> · <Age since={Since} />
        </span>
        <MuteButton finding={finding} />
      </header>
      <dl class="facts">
        <Fact name={say('tunnel.field')}>
          <SettingName field={Field} />
        </Fact>
        {isCompared && (
          <>
            <Fact name={say('tunnel.ours')}>
              <code>{Ours ?? '–'}</code>
            </Fact>
            <Fact name={say('tunnel.theirs')}>
              {Theirs === null ? <span class="fine">{say(untoldOf(Layer))}</span> : <code>{Theirs}</code>}
            </Fact>
          </>
        )}
        {FixHere !== '' && <Fact name={say('tunnel.fixHere')}>{FixHere}</Fact>}
        {FixThere !== '' && <Fact name={say('tunnel.fixThere')}>{FixThere}</Fact>}
        {Causes.length > 0 && (
          <Fact name={say('tunnel.causes')}>
            <ol>
              {Causes.map((cause) => (
                <li key={cause.Field}>
                  <SettingName field={cause.Field} />: {cause.Tells}
                </li>
              ))}
            </ol>
          </Fact>
        )}
        {Evidence.length > 0 && (
          <Fact name={say('tunnel.evidence')}>
            {Evidence.map((line) => (
              <code key={line} class="line">
                {line}
              </code>
            ))}
          </Fact>
        )}
      </dl>
    </article>
  );
}

/** What a device is set to stands in its file. */
function untoldOf(layer: string) {
  return layer.startsWith('ike') || layer === 'esp' ? 'tunnel.untold.compare' : 'tunnel.untold';
}
