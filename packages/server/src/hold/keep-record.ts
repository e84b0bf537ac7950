import type { Condition } from '../domain/operator/condition.ts';
import type { Rows } from '../image/rows.ts';
import { planKeys } from '../planner/plan-for.ts';
import type { NetworkRecord } from '../platform/network-record.ts';
import type { Store } from '../store/store.ts';
import type { Writer } from '../writer/writer.ts';

export interface KeptRecord extends Disposable {
  readCondition(): Condition;
}

/** Before the network is touched: a later start can tell whether its database is the one that this was made from. */
export async function keepRecord(
  record: NetworkRecord,
  { store, rows, writer }: { readonly store: Store; readonly rows: Rows; readonly writer: Writer },
): Promise<KeptRecord> {
  const position = await store.position();
  record.note(position);
  record.flush();
  const stop = writer.onCommit(({ generation }) => record.note({ ...position, serial: generation }));
  return {
    readCondition: () => recordCondition(record.problem),
    [Symbol.dispose]: () => {
      stop();
      record.flush();
      const hasNetwork = planKeys(rows).length > 1;
      if (!hasNetwork) record.remove();
    },
  };
}

function recordCondition(problem: string): Condition {
  const message = `a later start could not tell an old backup from the database that the network was made from: ${problem}`;
  return { name: 'network record', ok: problem === '', message: problem === '' ? '' : message };
}
