import { fileURLToPath } from 'node:url';
import type { Binaries } from './binaries.ts';

/** charon is the distribution's; uxfrm and uxprobe are built in the source tree (`make setup`). */
export const binaries: Binaries = {
  charon: '/usr/lib/ipsec/charon',
  uxfrm: fileURLToPath(new URL('../../../uxfrm/build/uxfrm', import.meta.url)),
  uxfrmShim: fileURLToPath(new URL('../../../uxfrm/build/uxfrm-shim.so', import.meta.url)),
  uxprobe: fileURLToPath(new URL('../../../uxfrm/build/uxprobe', import.meta.url)),
};

/** Built with uxfrm; not one of a gateway's. */
export const netnsdBinary = fileURLToPath(new URL('../../../uxfrm/build/netnsd/netnsd', import.meta.url));
