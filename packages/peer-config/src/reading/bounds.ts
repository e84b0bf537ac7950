import { PeerFileError } from './peer-file-error.ts';

/** Of a file, in bytes of UTF-8: what is read within a blink. The tunnel’s part of an export is a small part of that. */
export const mostBytes = 256 * 1024;
const mostTunnels = 200;

/** Each tunnel is looked at together with what it refers to: with a bound on them, time grows with the file and no faster. */
export function boundTunnels<T extends { readonly line: number }>(tunnels: readonly T[]): readonly T[] {
  const beyond = tunnels[mostTunnels];
  if (beyond !== undefined)
    throw new PeerFileError(beyond.line, `there are more than ${mostTunnels} tunnels: cut out the one in question`);
  return tunnels;
}
