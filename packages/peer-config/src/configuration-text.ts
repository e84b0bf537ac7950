import type { Dialect, PeerConfiguration } from './dialect.ts';

/**
 * A whole configuration as one text: the notes and the names of the files as comments of the dialect, so that what is one file can
 * be entered as it is.
 */
export function configurationText({ comment, title }: Dialect, { files, notes }: PeerConfiguration): string {
  const about = [title, ...notes].map((note) => `${comment} ${note}`);
  const parts = files.map(({ name, text }) => `${comment} ===== ${name}\n${text}`);
  return [`${about.join('\n')}\n`, ...parts].join('\n');
}
