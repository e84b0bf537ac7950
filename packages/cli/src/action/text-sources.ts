import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { text as textOf } from 'node:stream/consumers';
import { Writable } from 'node:stream';

/** A terminal, as Node's own streams are one. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** Where values come from that do not stand on the command line. */
export interface TextSources {
  readonly file: (path: string) => Promise<string>;
  /** All of standard input; a second time there would be nothing left, so that is an error. */
  readonly standardInput: () => Promise<string>;
  /** Asks, and shows nothing of what is typed; undefined: nobody is there to be asked. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

export function textSources({ input, output }: Terminal): TextSources {
  let isRead = false;
  return {
    file: (path) =>
      readFile(path, 'utf8').catch((cause: unknown) => {
        throw new Error(`cannot read ${path}`, { cause });
      }),
    standardInput: () => {
      if (isRead) throw new Error('standard input was read already: only one value can come from there');
      isRead = true;
      return textOf(input);
    },
    ask: input.isTTY && output.isTTY ? (question) => askWithoutEcho({ input, output }, question) : undefined,
  };
}

async function askWithoutEcho({ input, output }: Terminal, question: string): Promise<string> {
  // The terminal is read key by key, and what readline would print goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  // Not before: what is typed at once would be shown.
  output.write(question);
  const aborted = new AbortController();
  lines.on('SIGINT', () => aborted.abort());
  try {
    return await lines.question('', { signal: aborted.signal });
  } catch {
    throw new Error('nothing was entered');
  } finally {
    lines.close();
    output.write('\n');
  }
}
