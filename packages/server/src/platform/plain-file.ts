import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';

/** For reading; closed by whoever has it. */
export interface PlainFile extends Disposable {
  readonly descriptor: number;
  readonly status: Stats;
}

/**
 * Opens what is a file of its own: no link is followed, nothing is waited for, and what has another name elsewhere is refused. For root
 * among files that another user could have put there in place of others. Throws.
 */
export function openPlainFile(path: string): PlainFile {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const status = fstatSync(descriptor);
  if (status.isFile() && status.nlink === 1)
    return { descriptor, status, [Symbol.dispose]: () => closeSync(descriptor) };
  closeSync(descriptor);
  throw new Error(`${path} is no file of its own`);
}
