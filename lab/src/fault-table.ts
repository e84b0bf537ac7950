import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';

/**
 * docs/findings/faults.md: what is said about each fault that the lab makes, section by section. A lab file has its own section and
 * leaves the others alone. With LANDBRIDGE_WRITE_FAULTS=1 it is written, else compared.
 */
const page = fileURLToPath(new URL('../../docs/findings/faults.md', import.meta.url));

export interface FaultRow {
  /** What was broken, for people. */
  readonly fault: string;
  /** Who began; empty where nobody does. */
  readonly began: string;
  readonly finding: WireFinding;
}

/** A test, or tests together, as vitest has them. */
interface Task {
  readonly name: string;
  readonly mode: string;
  readonly result?: { readonly state: string } | undefined;
  readonly tasks?: readonly Task[];
}

/**
 * Null when the page has the section as it shall be, or has it now; else what is wrong with it. Where not all tests of the file ran and
 * went well, other rows are taken for right, and nothing is written.
 */
export async function checkFaultSection(
  section: string,
  rows: readonly FaultRow[],
  asking: Task & { readonly file: Task },
): Promise<string | null> {
  const before = await readFile(page, 'utf8');
  const wrong = `docs/findings/faults.md has another section "${section}"`;
  if (!isWhole(asking.file, asking)) return hasRows(before, section, rows) ? null : wrong;
  const after = withSection(before, section, asOnPage(before, section, rows));
  if (after === before) return null;
  if (process.env['LANDBRIDGE_WRITE_FAULTS'] !== '1') return `${wrong}: LANDBRIDGE_WRITE_FAULTS=1 writes it`;
  await writeFile(page, after);
  return null;
}

/** Whether every other test ran and went well. */
export function isWhole(task: Task, asking: Task): boolean {
  if (task.tasks !== undefined) return task.tasks.every((one) => one === asking || isWhole(one, asking));
  return task.mode === 'run' && task.result?.state === 'pass';
}

/** Whether the section has these rows. Pure. */
export function hasRows(text: string, section: string, rows: readonly FaultRow[]): boolean {
  const lines = new Set(linesOf(text, section));
  return rows.every((row) => lines.has(line(cellsOf(row))));
}

/** Rows in the order that the section has them in, and new ones behind them: tests may run at once. Pure. */
export function asOnPage(text: string, section: string, rows: readonly FaultRow[]): readonly FaultRow[] {
  const lines = linesOf(text, section);
  const place = ({ fault, began }: FaultRow): number => {
    const at = lines.findIndex((one) => one.startsWith(`| ${fault} | ${began} |`));
    return at < 0 ? lines.length : at;
  };
  return rows.toSorted((one, other) => place(one) - place(other));
}

/** The page with this section replaced, or added at its end. Pure. */
export function withSection(text: string, section: string, rows: readonly FaultRow[]): string {
  const lines = [
    `## ${section}`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map((row) => line(cellsOf(row))),
  ];
  const made = `${lines.join('\n')}\n`;
  const parts = sectionsOf(text);
  const at = parts.findIndex((part) => isOf(part, section));
  if (at < 0) return `${text.trimEnd()}\n\n${made}`;
  return parts.with(at, at === parts.length - 1 ? made : `${made}\n`).join('');
}

function sectionsOf(text: string): string[] {
  return text.split(/^(?=## )/m);
}

function linesOf(text: string, section: string): readonly string[] {
  const part = sectionsOf(text).find((one) => isOf(one, section));
  return part?.split('\n') ?? [];
}

function isOf(part: string, section: string): boolean {
  return part.startsWith(`## ${section}\n`);
}

const head = ['Fault', 'Who began', 'Finding', 'Layer', 'Field', 'Here', 'On the peer', 'What is said'];

function cellsOf({ fault, began, finding }: FaultRow): string[] {
  const { Code, Layer, Field, Ours, Theirs, Causes, Summary } = finding;
  const fields =
    Causes.length === 0 ? `\`${Field}\`` : `one of ${Causes.map((cause) => `\`${cause.Field}\``).join('; ')}`;
  // Of what has a value on one end, and of nothing else, the other one is missing.
  const theirs = Theirs ?? (Ours === null ? '' : 'not told');
  return [fault, began, `[${Code}](${Code}.md)`, Layer, fields, Ours ?? '', theirs, Summary];
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
