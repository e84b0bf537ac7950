/** Throws for what is no number above 0, naming the option. */
export function secondsOf(option: string, text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new Error(`--${option} is a number above 0`);
  return seconds;
}
