import type { Condition } from './api/actions/operator/system-status.ts';
import { planKeys } from './planner/plan-for.ts';
import type { NetworkRecord } from './platform/network-record.ts';
import type { Store } from './store/store.ts';

export interface KeptRecord extends AsyncDisposable {
  readCondition(): Condition;
}

/** Before the network is touched: a later start can tell whether its database is the one that this was made from. */
export async function keepRecord(record: NetworkRecord, store: Store): Promise<KeptRecord> {
  const position = await store.position();
  record.note(position);
  record.flush();
  store.onCommit((_keys, serial) => record.note({ ...position, serial }));
  return {
    readCondition: () => recordCondition(record.problem),
    [Symbol.asyncDispose]: async () => {
      record.flush();
      const hasNetwork = planKeys(await store.readDesiredState()).length > 1;
      if (!hasNetwork) record.remove();
    },
  };
}

function recordCondition(problem: string): Condition {
  const message = `a later start could not tell an old backup from the database that the network was made from: ${problem}`;
  return { name: 'network record', ok: problem === '', message: problem === '' ? '' : message };
}
