import { hostname } from 'node:os';
import { pino, type DestinationStream, type LogFn, type Logger as PinoLogger } from 'pino';
import {
  logAreaNames,
  type LogArea,
  type LogForm,
  type LogLevel,
  type LogLevels,
} from '../domain/operator/log-words.ts';
import { BoundedLines } from './bounded-lines.ts';
import { systemClock, type Clock } from './clock.ts';
import { lineFields } from './line-fields.ts';
import { standardError } from './standard-error.ts';

/** Log lines are events: a constant message and fields. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

export interface LogSettings {
  readonly logLevel: LogLevel;
  readonly logLevels?: LogLevels;
  readonly logForm?: LogForm;
}

/** Where lines go instead of standard error, and whose time bounds them. */
export interface LogPlace {
  readonly destination: DestinationStream;
  readonly clock: Pick<Clock, 'elapsed'>;
}

/** Calls are bounded by their rate limits, and each has its line (api/protocol/call-log.ts). */
const hasOwnBounds: LogArea = 'api';

/** What one process tells: JSON lines on standard error, since standard output belongs to the command line. No field of a line is a secret. */
export class Log {
  readonly of: Readonly<Record<LogArea, Logger>>;
  readonly #areas: Readonly<Record<LogArea, PinoLogger>>;
  readonly #settings: LogSettings;

  /** @param everyLine what stands in every line. */
  constructor(settings: LogSettings, everyLine: Readonly<Record<string, string>> = {}, place?: LogPlace) {
    const { destination, clock } = place ?? {
      destination: standardError(settings.logForm ?? 'auto'),
      clock: systemClock,
    };
    this.#settings = settings;
    const lines = new BoundedLines(clock);
    const unbounded = new Set<PinoLogger>();
    const root = pino(
      {
        level: settings.logLevel,
        base: { ...everyLine, pid: process.pid, hostname: hostname() },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }), log: lineFields },
        serializers: { err: (printed: unknown) => printed },
        hooks: {
          logMethod(given, write) {
            const line = lineOf(given);
            if (unbounded.has(this)) write.apply(this, line);
            else boundedly(lines, line, (...bounded) => write.apply(this, bounded));
          },
        },
      },
      destination,
    );
    const areas = logAreaNames.map((area) => [area, root.child({ area }, { level: this.#configured(area) })]);
    this.#areas = Object.fromEntries(areas) as Record<LogArea, PinoLogger>;
    unbounded.add(this.#areas[hasOwnBounds]);
    this.of = this.#areas;
  }

  /** From now on, until this process ends; areas that are not named are as configured. */
  setLevels(wanted: LogLevels): void {
    const before = this.difference;
    for (const area of logAreaNames) this.#areas[area].level = wanted[area] ?? this.#configured(area);
    if (this.difference !== before) this.of.service.info({ levels: wanted }, 'log levels changed');
  }

  /** What is told otherwise than configured, for people; empty when nothing is. */
  get difference(): string {
    const changed = logAreaNames.filter((area) => this.#areas[area].level !== this.#configured(area));
    return changed.map((area) => `${area} ${this.#areas[area].level} instead of ${this.#configured(area)}`).join(', ');
  }

  #configured(area: LogArea): LogLevel {
    return this.#settings.logLevels?.[area] ?? this.#settings.logLevel;
  }
}

type Line = [fields: object, message: string];

/** An error alone says what it says in its fields: the message is ours. */
function lineOf([first, second]: Parameters<LogFn>): Line {
  const [given, message] = [first, second as unknown];
  if (typeof given === 'string') return [{}, given];
  const fields = given instanceof Error ? { err: given } : (given as object);
  return [fields, typeof message === 'string' ? message : 'something failed'];
}

function boundedly(lines: BoundedLines, [fields, message]: Line, write: (...line: Line) => void): void {
  const tellRest = (unlogged: number) => write({ unlogged }, message);
  const unlogged = lines.take(message, tellRest);
  if (unlogged !== undefined) write(unlogged === 0 ? fields : { ...fields, unlogged }, message);
}
