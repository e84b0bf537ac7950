import { readdir, readFile, stat } from 'node:fs/promises';

/** What the kernel says of the host; another in tests. Null: there is no such thing, or it may not be read. */
export interface HostFiles {
  text(path: string): Promise<string | null>;
  entries(folder: string): Promise<number | null>;
  openFiles(pid: number): Promise<number | null>;
}

const orNull = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null);

export const systemHostFiles: HostFiles = {
  text: (path) => orNull(readFile(path, 'utf8')),
  entries: async (folder) => (await orNull(readdir(folder)))?.length ?? null,
  openFiles: async (pid) => {
    const folder = `/proc/${pid}/fd`;
    // Linux 6.2 counts them for whoever asks.
    const counted = (await orNull(stat(folder)))?.size ?? 0;
    return counted > 0 ? counted : systemHostFiles.entries(folder);
  },
};

/** What is no bound (`max`, or more than there can be) is null as well. */
export async function readNumber(files: HostFiles, path: string): Promise<number | null> {
  return numberOf(await files.text(path));
}

export function numberOf(text: string | null | undefined): number | null {
  const number = Number((text ?? '').trim() || NaN);
  return Number.isSafeInteger(number) ? number : null;
}
