import { useEffect, useMemo, useState } from 'preact/hooks';
import { Link, useSearchParams } from 'wouter-preact';
import { call, type Parameters } from '../calls/call.ts';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { answersFor, scenarios, type Answers, type Scenario } from './answers.ts';
import { wrongsOfNetwork, wrongsOfSites } from './check-of.ts';
import { NetworkForm } from './network-form.tsx';
import { planOf, secretKey } from './plan-of.ts';
import { RunView } from './run-view.tsx';
import { Run, type RunsOn } from './run.ts';
import { SitesForm } from './sites-form.tsx';
import type { StepAction } from './step.ts';
import { Summary } from './summary.tsx';

/** From a scenario, or from scratch, to tunnels: what is asked, what will be made, and how it is made. */
export function CreatePage() {
  useTitle(say('nav.create'));
  const [search] = useSearchParams();
  const scenario = scenarios.find((known) => known === search.get('scenario'));
  return scenario === undefined ? <ScenarioChoice /> : <Wizard key={scenario} scenario={scenario} />;
}

function ScenarioChoice() {
  return (
    <section>
      <header class="bar">
        <h1>{say('nav.create')}</h1>
      </header>
      <p>{say('create.pick')}</p>
      <ul class="scenarios">
        {scenarios.map((scenario) => (
          <li key={scenario} class="panel">
            <Link href={`/create?scenario=${scenario}`}>{say(`create.scenario.${scenario}`)}</Link>
            <p class="fine">{say(`create.scenario.${scenario}.what`)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const stages = ['network', 'sites', 'summary', 'run'] as const;
type Stage = (typeof stages)[number];

/** The stage is part of the address, so that the back button goes one stage back; answers stay while the wizard is open. */
function Wizard({ scenario }: { readonly scenario: Scenario }) {
  const { session } = useWorld();
  const [search, setSearch] = useSearchParams();
  const [answers, setAnswers] = useState(() => answersFor(scenario, session.Regions[0] ?? ''));
  const run = useMemo(() => new Run(theService), []);
  useEffect(() => () => run.end(), [run]);
  const steps = useMemo(() => planOf(answers), [answers]);
  const wrongs = { network: wrongsOfNetwork(answers), sites: wrongsOfSites(answers) };
  const made = run.made.value;
  const asked = search.get('stage');
  const stage = firstOpen(asked, {
    network: wrongs.network.size === 0,
    sites: wrongs.sites.size === 0,
    summary: made.size > 0 || run.going.value !== null || run.failure.value !== null,
  });
  // What is filled in must not move the page: it stays at its stage until somebody goes on.
  useEffect(() => {
    if (asked !== stage) setSearch({ scenario, stage }, { replace: true });
  }, [asked, stage]);
  const open = (next: Stage) => {
    setSearch({ scenario, stage: next });
    document.querySelector('main')?.focus();
  };
  const madeParts = new Set(steps.filter(({ key }) => made.has(key)).map(({ part }) => part));
  const form = {
    ...{ answers, isMade: (part: string) => madeParts.has(part) },
    change: (change: Partial<Answers>) => setAnswers((before) => ({ ...before, ...change })),
  };
  const go = () => {
    const given = answers.sites
      .flatMap(({ devices }) => devices)
      .filter(({ key }) => key !== '')
      .map((device) => [secretKey(device), device.key] as const);
    void run.go(steps, answers.region, new Map(given));
  };
  return (
    <section>
      <header class="bar">
        <h1>{say(`create.scenario.${scenario}`)}</h1>
        <Link href="/create">{say('create.other')}</Link>
      </header>
      <Stages shown={stage} />
      {stage === 'network' && <NetworkForm {...form} wrongs={wrongs.network} onNext={() => open('sites')} />}
      {stage === 'sites' && (
        <SitesForm {...form} wrongs={wrongs.sites} onBack={() => open('network')} onNext={() => open('summary')} />
      )}
      {stage === 'summary' && (
        <Summary
          {...{ steps, made }}
          region={answers.region}
          onBack={() => open('sites')}
          onNext={() => {
            go();
            open('run');
          }}
        />
      )}
      {stage === 'run' && <RunView {...{ run, steps, answers, go }} onChange={() => open('sites')} />}
    </section>
  );
}

function Stages({ shown }: { readonly shown: Stage }) {
  return (
    <ol class="stages" aria-label={say('create.stages')}>
      {stages.map((stage) => (
        <li key={stage} aria-current={stage === shown ? 'step' : undefined}>
          {say(`create.stage.${stage}`)}
        </li>
      ))}
    </ol>
  );
}

/** The stage that was asked for, or the first before it that is not done with. */
function firstOpen(asked: string | null, isDone: Readonly<Record<Exclude<Stage, 'run'>, boolean>>): Stage {
  const wanted = Math.max(
    0,
    stages.findIndex((stage) => stage === asked),
  );
  return stages.slice(0, wanted).find((stage) => stage !== 'run' && !isDone[stage]) ?? stages[wanted] ?? 'network';
}

/** Between two looks at something that comes by itself. */
const pauseMs = 1000;

const theService: RunsOn = {
  call: (action, parameters, options) => call(action, parameters as Parameters<StepAction>, options),
  pause: () => new Promise((resolve) => setTimeout(resolve, pauseMs)),
};
