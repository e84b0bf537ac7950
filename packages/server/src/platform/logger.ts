import { pino, type Logger as PinoLogger } from 'pino';

/** Log lines are events: a constant message and fields. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'> & { child(bindings: object): Logger };

/** Fields that must never be printed, wherever they turn up. */
const redacted = [
  'PreShareKey',
  'preSharedKey',
  'secretKey',
  'SecretKey',
  'authorization',
  'Authorization',
  'Signature',
];

/** JSON lines on stderr: stdout belongs to the command line. */
export function createLogger(level: string): Logger {
  const paths = redacted.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: '[redacted]' } }, pino.destination({ fd: 2, sync: true }));
}
