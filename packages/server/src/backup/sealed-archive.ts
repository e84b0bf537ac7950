import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Decrypter, Encrypter } from 'age-encryption';

// A tar archive in an age file (https://age-encryption.org/v1) with a passphrase: `age --decrypt FILE | tar -x` opens it as well.

/** Writes these files of the folder into a new file, mode 0600, that is there whole or not at all. Throws where there is one already. */
export async function sealArchive(
  folder: string,
  names: readonly string[],
  { path, passphrase }: { readonly path: string; readonly passphrase: string },
): Promise<void> {
  if (existsSync(path)) throw new Error(`${path} is there already`);
  const draft = `${path}.part`;
  const tar = spawn('tar', ['-C', folder, '-c', '--', ...names], { stdio: ['ignore', 'pipe', 'inherit'] });
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  try {
    const sealed = await encrypter.encrypt(webStream(tar.stdout));
    const file = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
    await Promise.all([pipeline(nodeStream(sealed), file), succeeded(tar)]);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Throws where it is no such file, or one of another passphrase. What is in it belongs to whoever calls. */
export async function openArchive(path: string, passphrase: string, folder: string): Promise<void> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const file = createReadStream(path);
  const opened = await decrypter.decrypt(webStream(file)).catch((cause: unknown) => {
    file.destroy();
    throw new Error(`${path} cannot be opened: it is no backup, is damaged, or the passphrase is another one`, {
      cause,
    });
  });
  const tar = spawn('tar', ['-C', folder, '-x', '--no-same-owner'], { stdio: ['pipe', 'ignore', 'inherit'] });
  await Promise.all([pipeline(nodeStream(opened), tar.stdin), succeeded(tar)]);
}

async function succeeded(program: ChildProcess): Promise<void> {
  const [code] = (await once(program, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`tar failed (${code ?? 'killed'})`);
}

function webStream(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

function nodeStream(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}
