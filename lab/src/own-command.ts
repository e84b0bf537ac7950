import { fileURLToPath } from 'node:url';

/** The checkout's `landbridge`. */
export const ownCommand = fileURLToPath(new URL('../../landbridge', import.meta.url));
