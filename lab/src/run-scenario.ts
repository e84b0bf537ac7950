import { fileURLToPath } from 'node:url';
import { runNodeIn, withHostNamespace } from './enter-host-namespace.ts';
import { withInterruption } from './interruption.ts';
import { matrixTable } from './matrix-table.ts';
import { runInPrivateLab } from './private-lab.ts';
import { mismatches, type Cell } from './reachability-matrix.ts';
import type { ScenarioMessage, ScenarioRequest } from './scenario-messages.ts';
import { scenarioNamed } from './scenarios.ts';

export interface RunScenarioOptions {
  /** Print one JSON object as the last line of standard output. */
  readonly json?: boolean;
  /** Leave the lab standing for a look. */
  readonly keep?: boolean;
  /** auto, kernel or uxfrm. */
  readonly dataPlane?: string;
  /** Gets the progress lines; standard error unless given. */
  readonly onProgress?: (line: string) => void;
}

export interface ScenarioResult {
  readonly name: string;
  readonly cells: readonly Cell[];
  /** Every cell is as expected. */
  readonly ok: boolean;
}

/** The scenario could not be built; the message names the hop that failed. */
class ScenarioFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScenarioFailure';
  }
}

/**
 * Builds a scenario with real packets, measures who reaches whom, prints the table and takes everything down again. Throws
 * UnknownScenario, LabBusy, LeakError, LabFailure, Interrupted and ScenarioFailure.
 */
export async function runScenario(name: string, options: RunScenarioOptions = {}): Promise<ScenarioResult> {
  const { title } = scenarioNamed(name);
  const started = performance.now();
  const keep = options.keep ?? false;
  const sayLine = options.onProgress ?? ((line: string) => process.stderr.write(`${line}\n`));
  const progress = (line: string): void =>
    sayLine(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${line}`);
  sayLine(`${name}: ${title}`);
  const cells = await measureInLab({ name, keep, dataPlane: options.dataPlane ?? 'auto' }, progress);
  progress(keep ? 'done; the lab stays up until `landbridge lab down`' : 'done, and nothing is left behind');
  const result = { name, cells, ok: mismatches(cells).length === 0 };
  print(result, options.json ?? false);
  return result;
}

/** A kept lab is the machine's, for people to look at; any other is a private one, beside which others may run. */
async function measureInLab(request: ScenarioRequest, onProgress: (line: string) => void): Promise<readonly Cell[]> {
  const script = fileURLToPath(new URL('scenario-process.ts', import.meta.url));
  let last: ScenarioMessage | undefined;
  const onMessage = (message: unknown): void => {
    const said = message as ScenarioMessage;
    if (said.kind === 'progress') onProgress(said.line);
    else last = said;
  };
  const argv = [script, JSON.stringify(request)];
  await (request.keep
    ? withHostNamespace((host, signal) => runNodeIn(host, argv, { onMessage, signal }), { keep: true, onProgress })
    : withInterruption((signal) => runInPrivateLab(argv, { onMessage, signal })));
  if (last?.kind === 'result') return last.cells;
  if (last?.kind !== 'failure') throw new ScenarioFailure('the scenario ended without a result');
  onProgress(last.state);
  throw new ScenarioFailure(last.message);
}

function print(result: ScenarioResult, asJson: boolean): void {
  for (const [state, cells] of Map.groupBy(result.cells, (cell) => cell.state)) {
    const table = matrixTable(cells, { colour: process.stdout.isTTY });
    process.stdout.write(`${state === undefined ? '' : `${state}\n`}${table}\n`);
  }
  if (asJson) process.stdout.write(`${JSON.stringify(result)}\n`);
}
