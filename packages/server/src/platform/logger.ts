import { hostname } from 'node:os';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { censorSecrets } from './censor-secrets.ts';

/** Log lines are events: a constant message and fields. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

/**
 * JSON lines on stderr: stdout belongs to the command line. No field of a line is a secret.
 * @param everyLine what stands in every line.
 */
export function createLogger(
  level: string,
  everyLine: Readonly<Record<string, string>> = {},
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  const serializers = { err: (printed: unknown) => printed };
  const base = { pid: process.pid, hostname: hostname(), ...everyLine };
  return pino({ level, base, formatters: { log: censorSecrets }, serializers }, destination);
}
