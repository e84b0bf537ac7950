import { loadSettings } from './config/load-settings.ts';
import type { Settings } from './config/settings.ts';
import { stepBelowOthers } from './platform/below-others.ts';
import { canonicalPath } from './platform/canonical-path.ts';
import type { ConsoleFiles } from './console/console-files.ts';
import { Log, type Logger } from './platform/logger.ts';
import { onceReady } from './platform/sd-notify.ts';
import { becomeUser, findUser } from './platform/service-user.ts';

// Each process loads what it runs and nothing of the others: it is up sooner, and what acts has no code that hears tenants.

/** Flags of `landbridge serve`, as text; whatever is absent comes from the configuration file or the defaults. */
export interface ServeFlags {
  readonly dataDir: string;
  readonly listen?: string;
  readonly config?: string;
  readonly dataPlane?: string;
}

export interface ServiceFlags extends ServeFlags {
  /** The controller with its launcher; the agent is a service of its own. */
  readonly controllerAlone?: boolean;
}

export interface ServeHooks {
  readonly signal: AbortSignal;
  /** For each listener. */
  readonly onListening: (url: string) => void;
}

export interface LaunchHooks extends ServeHooks {
  /** Arguments of this very program that start one side alone. */
  readonly commandOf: (side: 'controller' | 'agent') => readonly string[];
  /** Once everything works that was started. */
  readonly onReady: () => void;
  /** Again and again, where systemd wants to hear it, while everything works that was started. */
  readonly onAlive: () => void;
}

/** Runs the service until the signal aborts: two processes, or this one alone where no network is touched. Gateways go on without it. */
export async function serve({ controllerAlone = false, ...flags }: ServiceFlags, hooks: LaunchHooks): Promise<void> {
  const settings = readSettings(flags);
  if (settings.dataPlane === 'none') return serveDry(flags, readyWhenListening(hooks));
  const { launch } = await import('./processes/launcher.ts');
  return launch({ settings, controllerAlone, logger: new Log(settings, { process: 'launcher' }).of.service, ...hooks });
}

/** The service is one process. */
function readyWhenListening({ signal, onListening, onReady, onAlive }: LaunchHooks): ServeHooks {
  const noteReady = onceReady(onReady, onAlive);
  return {
    signal,
    onListening: (url) => {
      onListening(url);
      noteReady();
    },
  };
}

/** The API, and nobody who acts. */
export async function serveDry(flags: ServeFlags, hooks: ServeHooks): Promise<void> {
  const settings = readSettings(flags);
  const log = new Log(settings, { process: 'controller' });
  const { runController, ObservedState, openDoors } = await loadController();
  const { drySide } = await import('./processes/dry-side.ts');
  const observed = new ObservedState();
  const consoleFiles = await readConsole(settings, log.of.api);
  const acting = drySide(observed);
  return runController({ settings, acting, observed, doors: openDoors(settings), consoleFiles, log, ...hooks });
}

/** What hears tenants and decides, alone. It becomes the service's user before it hears anybody. */
export async function serveController(flags: ServeFlags, { signal, onListening }: ServeHooks): Promise<void> {
  const settings = readSettings(flags);
  const log = new Log(settings, { process: 'controller' });
  const user = findUser(settings.user);
  const { runController, ObservedState, openDoors } = await loadController();
  const { passedDoors } = await import('./processes/passed-doors.ts');
  const { remoteSide } = await import('./processes/remote-side.ts');
  const { followLogLevels } = await import('./processes/log-level-file.ts');
  const { loadLateModules } = await import('./http/bounded-app.ts');
  await loadLateModules();
  const consoleFiles = await readConsole(settings, log.of.api);
  const doors = process.channel == null ? openDoors(settings) : await passedDoors(settings);
  await doors.http.bind();
  await doors.tls?.door.bind();
  await doors.metrics?.bind();
  if (process.getuid?.() === 0) becomeUser(user);
  const observed = new ObservedState();
  followLogLevels(settings.dataDir, log, signal);
  const acting = await remoteSide({ dataDir: settings.dataDir, observed, logger: log.of.service, signal });
  return runController({
    ...{ settings, acting, observed, doors, consoleFiles, log, signal },
    onListening: (url) => {
      // Many calls at once shall not take the time of those who move packets, watch tunnels and switch routes. Not before: on a host
      // that is busy with packets alone, what starts would have a tenth of the time, and nobody to hurry for.
      stepBelowOthers();
      onListening(url);
    },
  });
}

/** What acts, alone. */
export async function serveAgent(
  flags: ServeFlags,
  hooks: Pick<ServeHooks, 'signal'> & { readonly onReady: () => void },
) {
  const settings = readSettings(flags);
  const log = new Log(settings, { process: 'agent' });
  const { groupId } = findUser(settings.user);
  const { runAgent } = await import('./processes/agent.ts');
  const { followLogLevels } = await import('./processes/log-level-file.ts');
  followLogLevels(settings.dataDir, log, hooks.signal);
  return runAgent({ settings, groupId, log, ...hooks });
}

async function loadController() {
  const [{ runController }, { ObservedState }, { openDoors }] = await Promise.all([
    import('./processes/controller.ts'),
    import('./domain/operator/observed-state.ts'),
    import('./http/doors.ts'),
  ]);
  return { runController, ObservedState, openDoors };
}

/** The web console's files, while this process may still read them. */
async function readConsole(settings: Settings, logger: Logger): Promise<ConsoleFiles | null> {
  if (!settings.console) return null;
  const { loadConsoleFiles } = await import('./console/console-files.ts');
  const files = loadConsoleFiles();
  if (files === null) logger.warn('the web console is not built, so there is none: run `make setup`');
  return files;
}

function readSettings({ config, ...flags }: ServeFlags): Settings {
  // Flags are checked by the settings' schema; here they are only text.
  const sources = { flags: flags as NonNullable<Parameters<typeof loadSettings>[0]['flags']> };
  const settings = loadSettings(config === undefined ? sources : { ...sources, configFile: config });
  return { ...settings, dataDir: canonicalPath(settings.dataDir) };
}
