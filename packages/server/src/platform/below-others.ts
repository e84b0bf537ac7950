import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** From now on this process, with all its threads and whatever it starts, computes when others leave it the time (setpriority(2)). */
export function stepBelowOthers(): void {
  for (const thread of readdirSync('/proc/self/task').map(Number)) {
    // Whoever started it lower than that wants it so, and the way up is not everybody's.
    setPriority(thread, Math.max(getPriority(thread), constants.priority.PRIORITY_BELOW_NORMAL));
  }
}
