import type { Database } from './repository.ts';

/** Transactions that changed a plan. */
export const serialCounter = 'plan-changes';

export interface CounterRepository {
  /** The next number of the series, never given twice. @param taken a series without a number begins behind it. */
  next(name: string, taken?: number): Promise<number>;
  /** The newest number of the series; 0 before the first. */
  read(name: string): Promise<number>;
  /** The series is of no use any more. */
  remove(name: string): Promise<void>;
}

export function counterRepository(db: Database): CounterRepository {
  return {
    next: async (name, taken = 0) => {
      const row = await db
        .insertInto('counters')
        .values({ name, value: taken + 1 })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet((eb) => ({ value: eb('counters.value', '+', 1) })),
        )
        .returning('value')
        .executeTakeFirstOrThrow();
      return row.value;
    },
    read: async (name) => {
      const row = await db.selectFrom('counters').select('value').where('name', '=', name).executeTakeFirst();
      return row?.value ?? 0;
    },
    remove: async (name) => {
      await db.deleteFrom('counters').where('name', '=', name).execute();
    },
  };
}
