import { stripVTControlCharacters } from 'node:util';
/**
 * Whether a command printed what a page shows. In the page `…` stands for any text within its line (an id, a time), and alone on a line
 * for any lines, or none. How many blanks are between two words does not matter, nor colours.
 */
export function fitsOutput(printed: string, shown: string): boolean {
  const lines = linesOf(shown).map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${patternOfLine(line)}\\n`));
  const text = linesOf(printed).map((line) => `${line}\n`);
  return new RegExp(`^${lines.join('')}$`, 'u').test(text.join(''));
}

function patternOfLine(line: string): string {
  return line
    .split(/( +|…)/)
    .map(patternOfPart)
    .join('');
}

function patternOfPart(part: string): string {
  if (part === '…') return '.*';
  return part.startsWith(' ') ? ' +' : part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Without blanks at their ends, and without empty ones at the end. */
function linesOf(text: string): string[] {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
