import { dirname, resolve } from 'node:path';
import { adminEndpoint, type EndpointOptions } from '../endpoint.ts';
import { secondsOf } from '../seconds-of.ts';
import type { WireVpnGateway } from '@landbridge/catalogue/vpn/vpn-gateways';
import { applySteps, type Outcome } from './apply-steps.ts';
import { listByValues, type Call } from '../list-all.ts';
import { callsOf } from '../calls.ts';
import { objectsOfSite } from './objects-of-site.ts';
import { keySource } from './pre-shared-keys.ts';
import { ownIds, readPresent } from './present-objects.ts';
import { previewSteps } from './preview-steps.ts';
import { located, readSiteFile, type SiteFile, SiteFileError } from './read-site-file.ts';
import { describeOutcome, describeStep } from './report.ts';
import type { Kind, PresentObject, SiteObject } from './site-object.ts';
import { stepsTo } from './steps.ts';
import { printLines } from '../output/print.ts';

export interface ApplyCommandOptions extends EndpointOptions {
  readonly file: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  /** Seconds. */
  readonly timeout: string;
}

/** Exit codes of `landbridge apply`. */
const notApplied = 1;
const badFile = 2;

/**
 * `landbridge apply -f FILE`: exit code 0 when all is as the file says, 1 when something could not be applied, 2 when the file is
 * wrong and nothing was tried.
 */
export async function apply(options: ApplyCommandOptions): Promise<void> {
  const patienceMs = secondsOf('timeout', options.timeout) * 1000;
  const wanted = await readWanted(options).catch((error: unknown) => {
    if (!(error instanceof SiteFileError)) throw error;
    printLines(error.message.split('\n'), process.stderr);
    process.exitCode = badFile;
    return undefined;
  });
  if (wanted === undefined) return;
  const { file, objects } = wanted;
  const { site, region } = file.site;
  const call = callsOf(await adminEndpoint(options, region));
  const prune = options.prune ?? false;
  const present = await presentFor(call, objects, prune ? await ownIds(call, site) : new Set());
  const steps = stepsTo(objects, present, { prune });
  const say = (line: string) => printLines([line]);
  if (steps.length === 0) {
    say('nothing to change');
    return;
  }
  if (options.dryRun === true) {
    steps.map(describeStep).forEach(say);
    for (const line of await previewSteps(steps, objects, present, { call, site, region })) say(line);
    return;
  }
  const where = ({ place = [] }: SiteObject) => file.where(place);
  const outcomes = await applySteps(steps, present, {
    ...{ call, site, region, patienceMs },
    onOutcome: (outcome) => say(describeOutcome(outcome, where)),
  });
  for (const line of await gatewayLines(call, outcomes)) say(line);
  const undone = outcomes.filter(({ result }) => result !== 'done').length;
  say(undone === 0 ? `${outcomes.length} done` : `${outcomes.length - undone} done, ${undone} not`);
  if (undone > 0) process.exitCode = notApplied;
}

/** What the devices at the other ends of new tunnels have to be told. */
async function gatewayLines(call: Call, outcomes: readonly Outcome[]): Promise<string[]> {
  const tunnels = outcomes.flatMap(({ step, result }) =>
    result === 'done' && step.do === 'create' && step.object.kind === 'tunnel' ? [step.object] : [],
  );
  const names = [...new Set(tunnels.map(({ path: [gateway] }) => gateway))];
  const list = ['DescribeVpnGateways', 'VpnGatewaySet'] as const;
  const gateways = await listByValues<WireVpnGateway>(call, list, 'vpn-gateway-name', names);
  return gateways
    .filter(({ VpnGatewayName }) => names.includes(VpnGatewayName))
    .map(({ VpnGatewayName, PublicIpAddress }) => `the peers of ${VpnGatewayName} find it at ${PublicIpAddress}`);
}

interface Wanted {
  readonly file: SiteFile;
  readonly objects: readonly SiteObject[];
}

async function readWanted({ file: path, dryRun }: ApplyCommandOptions): Promise<Wanted> {
  const file = await readSiteFile(path);
  const directory = dirname(resolve(path));
  const keys = (mayWrite: boolean) => keySource({ directory, mayWrite, environment: process.env });
  try {
    const objects = objectsOfSite(file.site, keys(false));
    // Keys are made only when nothing in the file was found wrong.
    return { file, objects: dryRun === true ? objects : objectsOfSite(file.site, keys(true)) };
  } catch (error) {
    throw located(error, file);
  }
}

/** What the service has of these, by their names, and of what was made for the site. */
export function presentFor(
  call: Call,
  objects: readonly SiteObject[],
  own: ReadonlySet<string>,
): Promise<readonly PresentObject[]> {
  const names = new Map<Kind, string[]>();
  for (const { kind, path } of objects) if (path.length === 1) names.set(kind, [...(names.get(kind) ?? []), path[0]]);
  const sourceChecks = objects.some(({ fields }) => fields['sourceCheck'] !== undefined);
  return readPresent(call, { names, ownIds: own, sourceChecks });
}
