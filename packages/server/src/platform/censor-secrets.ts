import { stdSerializers } from 'pino';

/** Names of fields whose values are never printed, wherever they turn up; without regard to case. */
const secret = new Set(['preshareKey', 'preSharedKey', 'secretKey', 'authorization', 'signature'].map(lowerCase));
const censor = '[redacted]';
/** What lies deeper is left out: what is logged is small, or somebody else made it. */
const mostDepth = 6;

/** The fields of a log line, with what must not be printed replaced at any depth, and errors as pino prints them. */
export function censorSecrets(fields: object): Record<string, unknown> {
  return censorFields(fields, 0);
}

function censorFields(fields: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(fields as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, secret.has(lowerCase(name)) ? censor : censorValue(value, depth + 1)]),
  );
}

function censorValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > mostDepth) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => censorValue(item, depth + 1));
  // Something that knows how to print itself, such as a date or a URL.
  if ('toJSON' in value && typeof value.toJSON === 'function') return value;
  return censorFields(value instanceof Error ? stdSerializers.err(value) : value, depth);
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}
