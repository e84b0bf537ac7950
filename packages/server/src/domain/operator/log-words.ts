/** What is told by the log: words of the configuration, of the command line and of each line. */

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** `auto`: `text` for people on a terminal, else `json`. */
export const logForms = ['auto', 'json', 'text'] as const;
export type LogForm = (typeof logForms)[number];

/** What a line is about. */
export const logAreas = {
  service: 'start and stop, what is held, whether controller and agent hear each other',
  api: 'calls, the console, certificates',
  store: 'decisions and the database',
  webhooks: 'who is told of findings by webhooks',
  network: 'namespaces, routes, the plans that are applied',
  tunnels: 'negotiation, SAs, probes, the daemons of gateways',
  records: 'flight recorder, history, packet captures',
} as const;
export type LogArea = keyof typeof logAreas;
export const logAreaNames = Object.keys(logAreas) as readonly LogArea[];

/** Areas that are told of otherwise than the rest. */
export type LogLevels = Readonly<Partial<Record<LogArea, LogLevel>>>;

/** Throws for whatever is no such thing; the message names it. */
export function checkLogLevels(value: unknown): LogLevels {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('log levels are an object');
  for (const [area, level] of Object.entries(value)) {
    if (!Object.hasOwn(logAreas, area)) {
      throw new Error(`${JSON.stringify(area)} is no area of the log: it has ${logAreaNames.join(', ')}`);
    }
    if (!(logLevels as readonly unknown[]).includes(level)) {
      throw new Error(`${area}: must be one of ${logLevels.join(', ')}`);
    }
  }
  return value;
}
