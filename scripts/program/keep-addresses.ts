import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Plugin } from 'rolldown';

const address = /new URL\('([^']+)', import\.meta\.url\)/g;

/**
 * `new URL('…', import.meta.url)` of a module means the same file after the module was bundled into the folder `built`; a module that
 * is meant so (a thread, a process of its own) is bundled into a file of its own there. Throws where a module of ours asks for its
 * address in another way.
 */
export function keepAddresses(built: string): Plugin {
  return {
    name: 'keep-addresses',
    transform(code, id) {
      if (!code.includes('import.meta') || !isOurs(id)) return null;
      const moved = code.replaceAll(address, (_, written: string) => {
        const target = resolve(dirname(id), written);
        if (!target.endsWith('.ts')) return addressOf(relative(built, target) + (written.endsWith('/') ? '/' : ''));
        const fileName = `${basename(target, '.ts')}.js`;
        this.emitFile({ type: 'chunk', id: target, fileName });
        return addressOf(fileName);
      });
      const left = moved.replaceAll(address, '');
      if (left.includes('import.meta')) throw new Error(`${id}: import.meta in a form that is not bundled`);
      return moved;
    },
  };
}

function isOurs(id: string): boolean {
  return isAbsolute(id) && !id.includes('/node_modules/');
}

function addressOf(path: string): string {
  return `new URL('${path}', import.meta.url)`;
}
