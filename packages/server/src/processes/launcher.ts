import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { handOver } from '../hold/hand-over.ts';
import { readCertificateFiles } from '../http/certificate-files.ts';
import type { ListenAddress, Settings } from '../config/settings.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import { whileAlive } from '../platform/sd-notify.ts';
import { ensureUser, unprivileged, withParent, type ServiceUser } from '../platform/service-user.ts';
import type { DoorName, FromChild, ToController } from './launcher-messages.ts';
import { listenWhenFree } from './listen-when-free.ts';

export interface LauncherOptions {
  readonly settings: Settings;
  /** Arguments that start one side alone: the command, and `controller` or `agent` in its place. */
  readonly commandOf: (side: 'controller' | 'agent') => readonly string[];
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** The agent is a service of its own. */
  readonly controllerAlone: boolean;
  /** For each listener. */
  readonly onListening: (url: string) => void;
  /** Once each was ready for the first time. */
  readonly onReady: () => void;
  /** Each has said that it is alive since the last time. */
  readonly onAlive: () => void;
}

const firstPauseMs = 200;
const longestPauseMs = 10_000;
/** A process that ran for so long is started again at once. */
const steadyMs = 30_000;
const lookMs = 1000;
const stopWithinMs = 10_000;
/** As TimeoutStartSec= of our units: one that takes longer hangs. */
const longestStartMs = 900_000;

/**
 * Binds the addresses, and starts what hears tenants without any privilege and what acts with all of them; either again when it ends. What
 * root alone may read of certificate and key goes to the first one through the pipe that both have.
 */
export async function launch(options: LauncherOptions): Promise<void> {
  const { settings, logger, signal } = options;
  const user = ensureUser(settings.user);
  handOver(settings.dataDir, user);
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const count = options.controllerAlone ? 1 : 2;
  let waiting = count;
  const alive = new Set<string>();
  const common = {
    ...options,
    signal: ended,
    onReady: () => {
      waiting -= 1;
      if (waiting === 0) options.onReady();
    },
    onAliveSide: (name: string) => {
      if (alive.add(name).size < count) return;
      alive.clear();
      options.onAlive();
    },
  };
  const controller = new Side({ ...common, name: 'controller', ...controllerStart(options, ended) });
  const agent = new Side({ ...common, name: 'agent', argvOf: withParent, onStarted: () => undefined });
  void keepHandedOver(settings.dataDir, user, logger, ended);
  const sides = options.controllerAlone ? [controller] : [agent, controller];
  await Promise.all(sides.map((side) => side.run().finally(() => stop.abort())));
}

/** Files that were restored while everything is held are root's. */
async function keepHandedOver(dataDir: string, user: ServiceUser, logger: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      handOver(dataDir, user);
    } catch (error) {
      logger.warn({ error: (error as Error).message }, 'the data directory could not be handed over');
    }
    await clock.delay(lookMs, signal).catch(() => undefined);
  }
}

interface SideOptions extends LauncherOptions {
  readonly name: 'controller' | 'agent';
  readonly argvOf: (argv: readonly string[]) => string[];
  readonly onStarted: (child: ChildProcess) => Promise<void> | undefined;
  readonly onAliveSide: (name: string) => void;
}

/** One of the two processes, started again and again. */
class Side {
  readonly #options: SideOptions;
  #hasBeenReady = false;

  constructor(options: SideOptions) {
    this.#options = options;
  }

  /** Until the signal aborts; rejects when the process ends before it was ready for the first time: it has said why. */
  async run(): Promise<void> {
    const { name, logger, signal } = this.#options;
    const isOver = () => signal.aborted;
    let pauseMs = firstPauseMs;
    while (!isOver()) {
      const startedAt = performance.now();
      const why = await this.#runOnce();
      if (isOver()) return;
      if (!this.#hasBeenReady) throw new Error(`the ${name} did not start (${why})`);
      pauseMs = performance.now() - startedAt > steadyMs ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      logger.error({ why, pauseMs }, `the ${name} ended, and is started again`);
      await clock.delay(pauseMs, signal).catch(() => undefined);
    }
  }

  #noteReady(): void {
    if (!this.#hasBeenReady) this.#options.onReady();
    this.#hasBeenReady = true;
  }

  /** One that is started again says nothing of itself before it is ready. */
  #whileStarting(): Disposable {
    const { name, onAliveSide } = this.#options;
    const begun = performance.now();
    return whileAlive(() => {
      if (this.#hasBeenReady && performance.now() - begun < longestStartMs) onAliveSide(name);
    });
  }

  async #runOnce(): Promise<string> {
    const { name, commandOf, argvOf, onStarted, onListening, onAliveSide, signal } = this.#options;
    const [program = '', ...rest] = argvOf([process.execPath, ...process.execArgv, ...commandOf(name)]);
    const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const exit = once(child, 'exit');
    using starting = this.#whileStarting();
    child.on('message', (message: FromChild) => {
      if (message.kind === 'ready') {
        starting[Symbol.dispose]();
        this.#noteReady();
      } else if (message.kind === 'alive') onAliveSide(name);
      else onListening(message.url);
    });
    const end = () => void endProcess(child);
    signal.addEventListener('abort', end);
    try {
      await onStarted(child);
      const [code, by] = (await exit) as [number | null, string | null];
      return by ?? `exit code ${code}`;
    } finally {
      signal.removeEventListener('abort', end);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
  }
}

/** One that is stopped (SIGSTOP) hears no SIGTERM. */
async function endProcess(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const late = new Later(() => child.kill('SIGKILL'));
  late.in(stopWithinMs);
  await once(child, 'exit').catch(() => undefined);
  late.cancel();
}

function controllerStart(
  { settings, logger }: LauncherOptions,
  signal: AbortSignal,
): Pick<SideOptions, 'argvOf' | 'onStarted'> {
  const ports = new Map<string, number>();
  /** Bound for one process only: nobody listens here while it does not run. */
  const pass = async (child: ChildProcess, name: DoorName, { host, port }: ListenAddress) => {
    const server = await listenWhenFree({ host, port: ports.get(name) ?? port }, clock);
    ports.set(name, (server.address() as AddressInfo).port);
    await send(child, { kind: 'listener', name }, server);
    server.close();
  };
  const onStarted = async (child: ChildProcess) => {
    if (settings.tls !== null) void followCertificate(child, settings.tls, signal);
    await pass(child, 'http', settings.listen);
    if (settings.tls !== null) await pass(child, 'tls', settings.tls.listen);
    if (settings.metrics !== null) await pass(child, 'metrics', settings.metrics.listen);
    logger.debug('listeners passed');
  };
  return { argvOf: unprivileged, onStarted };
}

/** What is said of the files first, and whenever that is something else. */
async function followCertificate(
  child: ChildProcess,
  files: NonNullable<Settings['tls']>,
  signal: AbortSignal,
): Promise<void> {
  let said = '';
  while (child.connected && !signal.aborted) {
    const message = readCertificate(files);
    const text = JSON.stringify(message);
    if (text !== said) await send(child, message).catch(() => undefined);
    said = text;
    await clock.delay(lookMs, signal).catch(() => undefined);
  }
}

function readCertificate(names: NonNullable<Settings['tls']>): ToController {
  try {
    const { certificate, key } = readCertificateFiles(names);
    return { kind: 'certificate', certificate: certificate.toString('utf8'), key: key.toString('utf8') };
  } catch (error) {
    return { kind: 'no-certificate', why: (error as Error).message };
  }
}

function send(child: ChildProcess, message: ToController, handle?: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    child.send(message, handle, (error) => (error === null ? resolve() : reject(error)));
  });
}
