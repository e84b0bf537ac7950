import { pino, type DestinationStream } from 'pino';
import type { LogForm } from '../domain/operator/log-words.ts';
import { lineForm, readerOfStandardError } from './line-forms.ts';

/**
 * Standard error, written line by line before the next thing is done. What cannot be written, as to a file on a full disk, is lost: no
 * gateway waits for the log, and nobody ends because of it.
 */
export function standardError(form: LogForm): DestinationStream {
  const write = lineForm(form, readerOfStandardError());
  let begin = '';
  let output = open();
  function open() {
    return pino.destination({ fd: 2, sync: true }).on('error', () => {
      // It would keep what it could not write. A line may have been written in part: the next one begins anew.
      output = open();
      begin = '\n';
    });
  }
  return {
    write: (line) => {
      const text = `${begin}${write(line.trimEnd())}\n`;
      begin = '';
      output.write(text);
    },
  };
}
