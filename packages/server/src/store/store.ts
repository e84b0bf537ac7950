import type { AccessKey } from '../domain/operator/account.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Logger } from '../platform/logger.ts';
import type { StorePosition } from '../platform/network-record.ts';
import type { PlanKey } from '../planner/plan.ts';
import { accessKeyRepository } from './access-keys.ts';
import { counterRepository, serialCounter } from './counters.ts';
import { readDesiredState } from './desired-state.ts';
import { factRepository, storeIdFact } from './facts.ts';
import { preSharedKeyRepository } from './pre-shared-keys.ts';
import type { Database } from './repository.ts';
import type { Sealer } from './sealing.ts';
import { transactionOver, type Transaction } from './transaction.ts';

/** @param serial counts the transactions that changed a plan, from 1 on. */
export type CommitListener = (keys: readonly PlanKey[], serial: number) => void;

/** The desired rows. Knows nothing of the kernel; `store/open-store.ts` opens one. */
export class Store {
  readonly #db: Database;
  readonly #sealer: Sealer;
  readonly #logger: Logger;
  readonly #listeners = new Set<CommitListener>();

  constructor(db: Database, sealer: Sealer, logger: Logger) {
    this.#db = db;
    this.#sealer = sealer;
    this.#logger = logger;
  }

  /**
   * Runs `work` in one transaction, one at a time; rolls back and rethrows when it throws. Listeners hear of the plan
   * keys that it named after the commit, before this returns. Not to be nested: the inner one would wait for the outer.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const changed = new Set<PlanKey>();
    let serial = 0;
    const result = await this.#db.transaction().execute(async (transaction) => {
      const answer = await work(transactionOver(transaction, this.#sealer, changed));
      if (changed.size > 0) serial = await counterRepository(transaction).next(serialCounter);
      return answer;
    });
    if (changed.size > 0) this.#announce([...changed], serial);
    return result;
  }

  /** Called after each commit with the keys of the plans it changed. Returns the function that ends it. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One consistent picture of everything, over all accounts. */
  async readDesiredState(): Promise<DesiredState> {
    return this.transaction(readDesiredState);
  }

  /** Which store this is, and how many transactions have changed a plan. */
  async position(): Promise<StorePosition> {
    return this.#db.transaction().execute(async (transaction) => ({
      storeId: (await factRepository(transaction).find(storeIdFact)) ?? '',
      serial: await counterRepository(transaction).read(serialCounter),
    }));
  }

  /** The key in clear, or undefined when there is no such VPN connection. Never log it. */
  async preSharedKey(id: VpnConnectionId): Promise<string | undefined> {
    return preSharedKeyRepository(this.#db, this.#sealer).find(id);
  }

  /** 16 hex characters that are equal exactly for equal keys of this store; safe to show. */
  async preSharedKeyDigest(id: VpnConnectionId): Promise<string | undefined> {
    const key = await this.preSharedKey(id);
    return key === undefined ? undefined : this.#sealer.digest(key);
  }

  /** The key with its secret half, for verifying signatures. */
  async accessKey(secretId: string): Promise<(AccessKey & { readonly secretKey: string }) | undefined> {
    return accessKeyRepository(this.#db, this.#sealer).findWithSecret(secretId);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#db.destroy();
  }

  #announce(keys: readonly PlanKey[], serial: number): void {
    for (const listener of this.#listeners) {
      try {
        listener(keys, serial);
      } catch (error) {
        this.#logger.error({ err: error, keys }, 'a commit listener failed');
      }
    }
  }
}
