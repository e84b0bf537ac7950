import { useEffect } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { CopyButton } from '../parts/copy-button.tsx';
import { hrefOf } from '../objects/addresses.ts';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import type { Answers } from './answers.ts';
import { deviceName, secretKey, tunnelKey } from './plan-of.ts';
import type { Run } from './run.ts';
import { StepList, type StepState } from './step-list.tsx';
import type { Step } from './step.ts';

interface RunViewProps {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly answers: Answers;
  /** Begins or goes on. */
  readonly go: () => void;
  readonly onChange: () => void;
}

/** The fourth stage: each step as it is done, and at the end what the peers need. */
export function RunView({ run, steps, answers, go, onChange }: RunViewProps) {
  const made = run.made.value;
  const failure = run.failure.value;
  const isGoing = run.going.value !== null;
  const isDone = steps.every(({ key }) => made.has(key));
  useKept(isGoing);
  const stateOf = ({ key }: Step): StepState => {
    if (made.has(key)) return 'made';
    if (run.going.value === key) return 'going';
    return failure?.key === key ? 'failed' : 'waiting';
  };
  const count = steps.filter(({ key }) => made.has(key)).length;
  return (
    <>
      {isDone && <Done {...{ run, answers }} />}
      <section class="panel">
        <h2>
          <span role="status">{say('create.run.count', { made: count, all: steps.length })}</span>
        </h2>
        <StepList {...{ steps, stateOf }}>
          {({ key }) => (
            <>
              {isDone && <MadeLink id={made.get(key) ?? ''} />}
              {failure?.key === key && !isGoing && <Problem of={failure.problem} />}
            </>
          )}
        </StepList>
        {!isDone && <p class="fine">{say('create.run.stays')}</p>}
        {!isDone && !isGoing && (
          <div class="buttons">
            <button type="button" onClick={onChange}>
              {say('create.run.change')}
            </button>
            <button type="button" class="strong" onClick={go}>
              {say('create.run.goOn')}
            </button>
          </div>
        )}
      </section>
    </>
  );
}

/** To what a step made: its name stands beside it. */
function MadeLink({ id }: { readonly id: string }) {
  const href = hrefOf(id);
  if (href === undefined) return null;
  return (
    <p class="fine">
      <Link href={href}>{id}</Link>
    </p>
  );
}

/** The browser asks before the page is closed in the midst of it. */
function useKept(isGoing: boolean): void {
  useEffect(() => {
    if (!isGoing) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isGoing]);
}

function Done({ run, answers }: Pick<RunViewProps, 'run' | 'answers'>) {
  const tunnels = answers.sites.flatMap((site) =>
    site.devices.map((device) => ({
      ...{ device, name: deviceName(site, device), id: run.made.value.get(tunnelKey(device)) ?? '' },
    })),
  );
  const generated = tunnels.filter(({ device }) => device.key === '');
  return (
    <section class="panel">
      <h2>{say('create.run.isDone')}</h2>
      <p>{say('create.run.next')}</p>
      <p>
        <Link href={`/create/peers?tunnels=${tunnels.map(({ id }) => id).join(',')}`} class="button strong">
          {say('create.run.peers')}
        </Link>
      </p>
      {generated.length > 0 && (
        <>
          <h3>{say('create.keys')}</h3>
          <p class="fine">{say('create.keys.once')}</p>
          <dl class="facts">
            {generated.map(({ device, name }) => (
              <div key={device.id}>
                <dt>{say('create.keyOf', { name })}</dt>
                <dd>
                  <code>{run.secretOf(secretKey(device))}</code>{' '}
                  <CopyButton of={say('create.keyOf', { name })} text={() => run.secretOf(secretKey(device))} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
