import type { TextSources } from './text-sources.ts';

/**
 * A value that may be a secret, or hold one: from `@FILE`, or `-` for standard input (on a terminal it is asked for). Never from
 * the command line itself, which this refuses without repeating it.
 */
export async function readSecret(text: string, flag: string, sources: TextSources): Promise<string> {
  if (text === '-') {
    return sources.ask === undefined ? withoutLineEnd(await sources.standardInput()) : sources.ask(`${flag}: `);
  }
  if (text.startsWith('@')) return withoutLineEnd(await sources.file(text.slice(1)));
  throw new Error(
    `--${flag} may hold a secret, so it does not stand on the command line: every user of this host sees that, and shells ` +
      `keep it. Give @FILE, - for standard input, or - on a terminal to be asked.`,
  );
}

/** Editors and `echo` end a file with one. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
