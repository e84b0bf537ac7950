import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { LogForm } from '../domain/operator/log-words.ts';
import { visible } from '../domain/visible-text.ts';

// How lines of the log are written. What comes from outside forges no line and moves no terminal's cursor in either form.

/** Who reads standard error. */
export interface LineReader {
  readonly isTerminal: boolean;
  /** systemd's journal: it knows the time, and takes a priority in front of a line (sd-daemon(3)). */
  readonly isJournal: boolean;
}

const standardError = 2;

export function readerOfStandardError(): LineReader {
  return { isTerminal: isatty(standardError), isJournal: isJournal(process.env['JOURNAL_STREAM']) };
}

/** systemd says which stream is the journal's; whoever led standard error elsewhere did not change that (systemd.exec(5)). */
function isJournal(stream: string | undefined): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(standardError, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

/** From a line of JSON to what is written, without the end of the line. */
export function lineForm(form: LogForm, { isTerminal, isJournal }: LineReader): (line: string) => string {
  const isText = form === 'text' || (form === 'auto' && isTerminal);
  const write = isText ? (line: string) => textLine(line, !isJournal) : visible;
  return isJournal ? (line) => priorityOf(line) + write(line) : write;
}

const priorities: Readonly<Record<string, string>> = { debug: '<7>', info: '<6>', warn: '<4>', error: '<3>' };

function priorityOf(line: string): string {
  return priorities[/^\{"level":"([a-z]+)"/.exec(line)?.[1] ?? ''] ?? '';
}

/** What stands in a place of its own, or says nothing to a person. */
const ownFields: readonly string[] = ['time', 'level', 'process', 'area', 'msg', 'pid', 'hostname'];

/** `2026-11-28T09:00:00.000Z WARN  agent tunnels: tunnel is down  connection=vpnx-00000001 reason="no answer"` */
function textLine(line: string, hasTime: boolean): string {
  const told = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const { time, level, process: name, area, msg } = told;
  const when = hasTime ? `${String(time)} ` : '';
  const where = [name, area].filter((word) => typeof word === 'string').join(' ');
  const what = `${when}${String(level).toUpperCase().padEnd(5)} ${where}: ${String(msg)}`;
  const fields = Object.entries(told).filter(([field]) => !ownFields.includes(field));
  const words = fields.map(([field, value]) => `${field}=${valueText(value)}`);
  return visible([what, words.join(' ')].filter((part) => part !== '').join('  '));
}

/** Quoted where it could be taken for something else. */
function valueText(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}
