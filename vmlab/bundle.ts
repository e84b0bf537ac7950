import { pathToFileURL } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';

// bundle.ts FILE: the `landbridge` command in one file. Emulated, Node needs 10 ms for each of its 1300 modules.

const [output = ''] = process.argv.slice(2);
const input = new URL('../packages/cli/src/main.ts', import.meta.url).pathname;

/** Modules go on finding the files that lie beside them. */
const keepOwnAddress: Plugin = {
  name: 'keep-own-address',
  transform: (code, id) =>
    code.includes('import.meta.url')
      ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id.split('?')[0] ?? id).href))
      : null,
};

const bundle = await rolldown({ input, platform: 'node', plugins: [keepOwnAddress] });
await bundle.write({ file: output, format: 'esm', codeSplitting: false });
await bundle.close();
