import type { Named } from './tunnel-names.ts';
import type { TimelineLine } from './timeline.ts';

/** `02:31:07.123`, by the clock of this host; with the day where that is another one than `near`. */
export function clockTime(at: number, near: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === new Date(near).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** One line of a timeline as people read it, and what belongs below it. */
export function lineText(
  { Kind, Text, ResourceId, Finding, IsOver }: TimelineLine,
  subject: string,
  named: Named,
): string[] {
  const [first = '', ...below] =
    Finding === null || IsOver ? Text.split('\n') : [`${Finding.Code}: ${Finding.Summary}`];
  const of = ResourceId === subject ? '' : `${named(ResourceId)}  `;
  // Commands are told as they were.
  const inWords = Kind === 'plan' ? (text: string) => text : named;
  return [`${of}${Kind.padEnd(9)} ${inWords(first)}`, ...below.map((text) => `    ${inWords(text)}`)];
}
