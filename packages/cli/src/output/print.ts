import { visible } from '@landbridge/server/domain/visible-text';

/** Where what was told goes out. Each of the lines stays one, and none of them does anything to a terminal. */
export function printLines(lines: readonly string[], output: NodeJS.WritableStream = process.stdout): void {
  output.write(linesText(lines));
}

export function linesText(lines: readonly string[]): string {
  return lines.map((line) => `${visible(line)}\n`).join('');
}

/** For programs: what reads JSON gets each letter as it is. */
export function printJson(value: unknown): void {
  process.stdout.write(jsonText(value));
}

export function jsonText(value: unknown): string {
  return linesText(JSON.stringify(value, null, 2).split('\n'));
}
