import type { Cell } from './reachability-matrix.ts';

const red = '\u001b[31m';
const green = '\u001b[32m';
const plain = '\u001b[0m';

/** Draws the cells as a from × to grid; a cell that is not as expected says both. Pure. */
export function matrixTable(cells: readonly Cell[], options: { readonly colour: boolean }): string {
  const rows = [...new Set(cells.map(({ from }) => from))];
  const reached = new Set(cells.map(({ to }) => to));
  const columns = [...new Set([...rows, ...reached])].filter((name) => reached.has(name));
  const cellAt = (from: string, to: string): Cell | undefined =>
    cells.find((cell) => cell.from === from && cell.to === to);
  const texts = rows.map((from) => columns.map((to) => textOf(cellAt(from, to))));
  const corner = 'from \\ to';
  const firstWidth = Math.max(corner.length, ...rows.map((name) => name.length));
  const widths = columns.map((name, index) => Math.max(name.length, ...texts.map((row) => row[index]?.length ?? 0)));
  const header = [corner.padEnd(firstWidth), ...columns.map((name, index) => name.padEnd(widths[index] ?? 0))];
  const lines = rows.map((from, rowIndex) => {
    const drawn = columns.map((to, index) => {
      const padded = (texts[rowIndex]?.[index] ?? '').padEnd(widths[index] ?? 0);
      return options.colour ? coloured(padded, cellAt(from, to)) : padded;
    });
    return [from.padEnd(firstWidth), ...drawn].join('  ').trimEnd();
  });
  return [header.join('  ').trimEnd(), ...lines].join('\n');
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '-';
  return cell.measured === cell.expected ? cell.measured : `${cell.measured} (expected ${cell.expected})`;
}

function coloured(text: string, cell: Cell | undefined): string {
  if (cell === undefined) return text;
  return `${cell.measured === cell.expected ? green : red}${text}${plain}`;
}
