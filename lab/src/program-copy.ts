import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const packages = ['catalogue', 'cli', 'client', 'net', 'peer-config', 'server', 'vici'];
const manifest = 'packages/server/package.json';
const contract = 'packages/server/src/seam/contract.ts';

/** Whether `landbridge` runs from sources that have changed: in an emulated machine it does not, for speed. */
export const runsFromSources = process.env['LANDBRIDGE_PROGRAM'] !== 'built';

/** The program in a folder of its own, to be replaced by another version while it runs. What it depends on is the checkout's. */
export class ProgramCopy {
  readonly command: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.command = join(folder, 'landbridge');
  }

  static async make(folder: string): Promise<ProgramCopy> {
    await mkdir(join(folder, 'node_modules', '@landbridge'), { recursive: true });
    await mkdir(join(folder, 'packages'));
    for (const file of ['landbridge', 'package.json']) await cp(join(checkout, file), join(folder, file));
    for (const name of packages) {
      await cp(join(checkout, 'packages', name), join(folder, 'packages', name), { recursive: true });
      await symlink(join(folder, 'packages', name), join(folder, 'node_modules', '@landbridge', name));
    }
    await symlink(join(checkout, 'packages', 'uxfrm'), join(folder, 'packages', 'uxfrm'));
    await symlink(join(checkout, 'lab'), join(folder, 'node_modules', '@landbridge', 'lab'));
    for (const name of await readdir(join(checkout, 'node_modules'))) {
      if (name === '@landbridge' || name === '.cache') continue;
      await symlink(join(checkout, 'node_modules', name), join(folder, 'node_modules', name));
    }
    return new ProgramCopy(folder);
  }

  /** The newest version of the seam that it speaks. */
  async newestOfSeam(): Promise<number> {
    const text = await readFile(join(this.#folder, contract), 'utf8');
    return Number(/spokenVersions: SpokenVersions = \{ oldest: \d+, newest: (\d+) \}/.exec(text)?.[1]);
  }

  /** What starts from now on is of that version, and speaks these of the seam. */
  async become(version: string, seam: { readonly oldest: number; readonly newest: number }): Promise<void> {
    await this.#edit(manifest, /"version": "[^"]+"/, `"version": "${version}"`);
    const spoken = `spokenVersions: SpokenVersions = { oldest: ${seam.oldest}, newest: ${seam.newest} }`;
    await this.#edit(contract, /spokenVersions: SpokenVersions = \{[^}]+\}/, spoken);
  }

  async #edit(name: string, what: RegExp, by: string): Promise<void> {
    const path = join(this.#folder, name);
    const before = await readFile(path, 'utf8');
    if (!what.test(before)) throw new Error(`${name} has no ${what.source}`);
    await writeFile(path, before.replace(what, by));
  }
}
