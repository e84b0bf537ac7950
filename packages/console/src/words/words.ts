import { captureWords } from './capture-words.ts';
import { createWords } from './create-words.ts';
import { drillWords } from './drill-words.ts';
import { eventsWords } from './events-words.ts';
import { handshakeWords } from './handshake-words.ts';
import { hostWords } from './host-words.ts';
import { keyWords } from './key-words.ts';
import { networkWords } from './network-words.ts';
import { objectWords } from './object-words.ts';
import { overviewWords } from './overview-words.ts';
import { peerWords } from './peer-words.ts';
import { proofWords } from './proof-words.ts';
import { routesWords } from './routes-words.ts';
import { sasWords } from './sas-words.ts';
import { settingWords } from './setting-words.ts';
import { shellWords } from './shell-words.ts';
import { timelineWords } from './timeline-words.ts';
import { tunnelWords } from './tunnel-words.ts';

/** Words of the console itself; what the catalogue says is beside them in the files that are built (scripts/console/words.ts). */
export const words = {
  ...shellWords,
  ...overviewWords,
  ...networkWords,
  ...tunnelWords,
  ...captureWords,
  ...createWords,
  ...drillWords,
  ...eventsWords,
  ...handshakeWords,
  ...hostWords,
  ...keyWords,
  ...objectWords,
  ...peerWords,
  ...proofWords,
  ...routesWords,
  ...sasWords,
  ...settingWords,
  ...timelineWords,
} as const;

export type WordKey = keyof typeof words;
