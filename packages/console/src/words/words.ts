import { overviewWords } from './overview-words.ts';
import { shellWords } from './shell-words.ts';
import { tunnelWords } from './tunnel-words.ts';

/** Words of the console itself; what the catalogue says is beside them in the files that are built (scripts/console/words.ts). */
export const words = { ...shellWords, ...overviewWords, ...tunnelWords } as const;

export type WordKey = keyof typeof words;
