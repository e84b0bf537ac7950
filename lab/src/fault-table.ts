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

/** Null when the page has the section as it shall be, or has it now; else what is wrong with it. */
export async function checkFaultSection(section: string, rows: readonly FaultRow[]): Promise<string | null> {
  const before = await readFile(page, 'utf8');
  const after = withSection(before, section, rows);
  if (after === before) return null;
  if (process.env['LANDBRIDGE_WRITE_FAULTS'] !== '1') {
    return `docs/findings/faults.md has another section "${section}": LANDBRIDGE_WRITE_FAULTS=1 writes it`;
  }
  await writeFile(page, after);
  return null;
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
  const parts = text.split(/^(?=## )/m);
  const at = parts.findIndex((part) => part.startsWith(`## ${section}\n`));
  if (at < 0) return `${text.trimEnd()}\n\n${made}`;
  return parts.with(at, at === parts.length - 1 ? made : `${made}\n`).join('');
}

const head = ['Fault', 'Who began', 'Finding', 'Layer', 'Field', 'Here', 'On the peer', 'What is said'];

function cellsOf({ fault, began, finding }: FaultRow): string[] {
  const { Code, Layer, Field, Ours, Theirs, Causes, Summary } = finding;
  const fields =
    Causes.length === 0 ? `\`${Field}\`` : `one of ${Causes.map((cause) => `\`${cause.Field}\``).join('; ')}`;
  return [fault, began, `[${Code}](${Code}.md)`, Layer, fields, Ours ?? '', Theirs ?? 'not told', Summary];
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
