import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { openDoors, type Doors } from '../http/doors.ts';
import { buildApp } from '../http/build-app.ts';
import { heldApiPlugin } from '../http/held-api-plugin.ts';
import { heldMetrics } from '../http/metrics/held-metrics.ts';
import { Monitoring } from '../http/monitoring.ts';
import type { SystemFacts } from '../domain/operator/system-facts.ts';
import type { Settings } from '../config/settings.ts';
import { runFolder } from '../drivers/gateway-paths.ts';
import { systemKernel, type Kernel } from '../drivers/kernel.ts';
import { HeldTls } from './held-tls.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { NetworkRecord } from '../platform/network-record.ts';
import {
  describeHold,
  networkRecordOf,
  reasonToHold,
  standingNetwork,
  type StandingNetwork,
} from './reason-to-hold.ts';
import { storeFiles } from '../store/store-files.ts';

export interface HoldOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly system: Omit<SystemFacts, 'readConditions'>;
  readonly signal: AbortSignal;
  /** For each listener. */
  readonly onListening: (url: string) => void;
  readonly kernel?: Kernel;
  readonly record?: NetworkRecord;
  /** By kernel and record when absent. */
  readonly standing?: StandingNetwork;
  /** The addresses themselves when absent. */
  readonly doors?: Doors;
}

interface Place {
  readonly dataDir: string;
  readonly kernel: Kernel;
  readonly standing: StandingNetwork;
}

const lookMs = 1000;

/**
 * Returns once nothing speaks against taking the database for the truth, or when the signal aborts; until then the API says
 * what does. Whatever ends it is noticed by itself: a volume that is mounted, files that are restored, a network that is
 * removed by hand, `landbridge adopt`.
 */
export async function whileHeld(options: HoldOptions): Promise<void> {
  const { settings, clock, ids, logger, system, signal, onListening } = options;
  const { dataDir } = settings;
  const { kernel = systemKernel(), record = networkRecordOf(dataDir), doors = openDoors(settings) } = options;
  const { standing = standingNetwork({ dataDir, kernel, record }) } = options;
  const place = { dataDir, kernel, standing };
  // Seen before it is judged: what changes while it is judged is looked at again.
  let seen = await appearance(place);
  let reason = await reasonToHold(place);
  if (reason === null) return;
  const readConditions = () => [
    { name: reason?.about ?? 'store', ok: false, message: reason === null ? '' : describeHold(reason, dataDir) },
    ...(tls === null ? [] : [tls.readCondition()]),
  ];
  const administratorKey = () => readAdministratorKey(storeFiles(dataDir).administratorKey);
  const isAgentAway = () => reason?.about === 'agent';
  const api = heldApiPlugin({
    clock,
    ids,
    system: Object.assign(system, { readConditions }),
    administratorKey,
    isAgentAway,
  });
  const health = { readConditions: () => [{ name: reason?.about ?? 'store', ok: reason === null }], clock };
  const app = buildApp({ api, health, console: null, ids });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => app.close());
  const tls = cleanup.use(openTls(options, doors, app.server));
  await app.ready();
  onListening(await doors.http.leadTo(app.server));
  if (doors.metrics !== null) {
    const monitoring = await Monitoring.start(doors.metrics, {
      health,
      metrics: { registry: heldMetrics(), tunnels: null, clock },
    });
    onListening(cleanup.use(monitoring).url);
  }
  while (reason !== null) {
    logger.error({ reason: describeHold(reason, dataDir) }, 'everything is held as it is');
    let now = seen;
    while (now === seen) {
      await tls?.listen();
      await clock.delay(lookMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      now = await appearance(place);
    }
    seen = now;
    reason = await reasonToHold(place);
  }
  logger.info({ dataDir }, 'nothing is held any more');
}

function openTls({ clock, logger, onListening }: HoldOptions, { tls }: Doors, http: Server): HeldTls | null {
  return tls === null ? null : new HeldTls(http, { ...tls, clock, logger }, onListening);
}

/** Changes when what decides does: files, and the names of namespaces. */
async function appearance({ dataDir, kernel, standing }: Place): Promise<string> {
  const { database, key, administratorKey } = storeFiles(dataDir);
  const marks = [dataDir, database, key, administratorKey, runFolder(dataDir)].map((path) => {
    const status = statSync(path, { throwIfNoEntry: false });
    // What changes with the owner as well: a file that was handed over can be read.
    return status && [status.dev, status.ino, status.size, status.mtimeMs, status.ctimeMs];
  });
  const problem = standing.problem();
  const madeFrom = problem === null ? await standing.madeFrom() : null;
  return JSON.stringify([marks, problem, madeFrom, (await kernel.listNetns()).toSorted()]);
}

function readAdministratorKey(path: string): { readonly secretId: string; readonly secretKey: string } | null {
  try {
    const { secretId, secretKey } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return typeof secretId === 'string' && typeof secretKey === 'string' ? { secretId, secretKey } : null;
  } catch {
    return null;
  }
}
