import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { keepAddresses } from './keep-addresses.ts';
import { licencesOf } from './licences.ts';

// Bundles the `landbridge` command with all that it depends on: `node scripts/program/build.ts`. A start reads a dozen files then, not
// a thousand (docs/adr/0049-one-bundle.md).

const home = join(import.meta.dirname, '../../packages/cli');
const built = join(home, 'dist');
const making = `${built}.making`;

rmSync(making, { recursive: true, force: true });
const bundle = await rolldown({
  input: { landbridge: join(home, 'src/main.ts') },
  platform: 'node',
  // For developers: it is not part of a package, and goes on being run from its sources.
  external: ['@landbridge/lab'],
  plugins: [keepAddresses(built)],
});
const { output } = await bundle.write({ format: 'esm', dir: making, entryFileNames: '[name].js' });
await bundle.close();
const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
writeFileSync(join(making, 'licences.txt'), licencesOf(modules));
rmSync(built, { recursive: true, force: true });
renameSync(making, built);
process.stdout.write(`program: ${modules.length} modules in ${output.length} files\n`);
