import { cutText } from '../domain/cut-text.ts';
import { visible } from '../domain/visible-text.ts';
import { censorSecrets } from './censor-secrets.ts';

/** Whoever reads a line has to be able to believe these; and pino takes what every object has for a function of its own. */
const takenNames = new Set([
  ...['level', 'time', 'process', 'pid', 'hostname', 'area', 'msg'],
  ...Object.getOwnPropertyNames(Object.prototype),
]);
/** journald cuts a line in two at 48 KiB: what follows would be one of its own. */
const mostBytes = 24 * 1024;
/** What a character may take at most, escaped: nearly every line is known to be short without a look at each. */
const mostBytesOfOne = 6;
const keptCharacters = 3000;

/** The fields of a line as they are printed: no secrets, none in place of ours, and not more than a line can hold. */
export function lineFields(fields: object): Record<string, unknown> {
  const entries = Object.entries(censorSecrets(fields));
  const printed = Object.fromEntries(entries.map(([name, value]) => [takenNames.has(name) ? `${name}_` : name, value]));
  const text = textOf(printed);
  if (text === null) return { cut: 'what cannot be printed' };
  if (text.length * mostBytesOfOne <= mostBytes) return printed;
  const shown = visible(text);
  return Buffer.byteLength(shown) <= mostBytes ? printed : { cut: cutText(shown, keptCharacters) };
}

/** Null: what knows how to print itself may be wrong about that. */
function textOf(fields: object): string | null {
  try {
    return JSON.stringify(fields);
  } catch {
    return null;
  }
}
