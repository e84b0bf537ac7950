import { visible } from '@landbridge/server/domain/visible-text';

/** Texts side by side: what is empty has a hyphen. */
export function cellText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' || value === null ? '-' : visible(text);
}

/** How many columns of a terminal it takes: Chinese and other wide letters two each. */
export function cellWidth(text: string): number {
  return Array.from(text).reduce((width, letter) => width + (wide.test(letter) ? 2 : 1), 0);
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

export function padCell(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellWidth(text)));
}
