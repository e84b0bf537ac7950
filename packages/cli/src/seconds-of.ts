const day = 86_400;

/** Throws for what is no number above 0, or more than a day, naming the option: a timer for much longer ends at once. */
export function secondsOf(option: string, text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= day))
    throw new Error(`--${option} is a number above 0 and at most ${day}, not ${text}`);
  return seconds;
}
