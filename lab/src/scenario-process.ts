import { describeFailure } from './describe-failure.ts';
import { measureMatrix, mismatches } from './reachability-matrix.ts';
import type { ScenarioMessage, ScenarioRequest } from './scenario-messages.ts';
import { scenarioNamed } from './scenarios.ts';
import { tellParent } from './tell-parent.ts';
import { World } from './world.ts';

// A program of its own, started by run-scenario.ts in the lab's host namespace: builds one scenario, measures, takes it down.

const request = JSON.parse(process.argv[2] ?? '{}') as ScenarioRequest;

const tell = (message: ScenarioMessage): Promise<void> => tellParent(message);

async function run({ name, dataPlane, keep }: ScenarioRequest): Promise<void> {
  const scenario = scenarioNamed(name);
  const onProgress = (line: string): void => void tell({ kind: 'progress', line });
  onProgress('an internet, and landbridge serve on its host');
  const world = await World.start({ dataPlane, onProgress, settings: scenario.settings ?? {} });
  const built = await scenario.build(world);
  onProgress('who reaches whom');
  const cells = (await scenario.measureStates?.(world, built)) ?? (await measureMatrix(built.hosts, scenario.expected));
  const ok = mismatches(cells).length === 0;
  if (!ok) onProgress(await describeFailure());
  if (!keep) {
    onProgress('taking everything down');
    await world.stop();
  }
  await tell({ kind: 'result', cells, ok });
}

try {
  await run(request);
} catch (error) {
  await tell({
    kind: 'failure',
    message: error instanceof Error ? error.message : String(error),
    state: await describeFailure(),
  });
  process.exitCode = 1;
}
// What a failure has left would keep this process; the lab is taken down from outside.
process.exit();
