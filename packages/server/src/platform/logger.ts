import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { censorSecrets } from './censor-secrets.ts';

/** Log lines are events: a constant message and fields. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines on stderr: stdout belongs to the command line. No field of a line is a secret. */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  const serializers = { err: (printed: unknown) => printed };
  return pino({ level, formatters: { log: censorSecrets }, serializers }, destination);
}
