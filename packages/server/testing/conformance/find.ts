import { expect } from 'vitest';
import type { Reply } from '../api-harness.ts';
import type { VendorClients } from './vendor-clients.ts';

/** For tests only: a Describe call asked in every way that it can be asked. */

export interface Listing {
  readonly action: string;
  /** The list of the reply, and what is unlike in each of its objects. */
  readonly set: string;
  readonly key: string;
  /** The parameter for ids. */
  readonly ids?: string;
  /** Parameters of every call. */
  readonly of?: object;
}

type Listed = Readonly<Record<string, unknown>>;

/** What is listed, in the order of the reply. */
export async function list(clients: VendorClients, listing: Listing, parameters: object = {}): Promise<Listed[]> {
  const reply: Reply = await clients.call('vpc', listing.action, { ...listing.of, ...parameters });
  return reply[listing.set] as Listed[];
}

/** Keys of what is listed. */
export async function keys(clients: VendorClients, listing: Listing, parameters: object = {}): Promise<unknown[]> {
  return (await list(clients, listing, parameters)).map((object) => object[listing.key]);
}

/**
 * All of them without arguments, each by its id, the first by each of these filters and no longer by one that nothing has,
 * and all of them a page at a time.
 */
export async function expectFound(
  clients: VendorClients,
  listing: Listing,
  there: readonly unknown[],
  filters: Readonly<Record<string, string>>,
): Promise<void> {
  const [first] = there;
  const { ids, action } = listing;
  expect([action, (await keys(clients, listing)).toSorted()]).toEqual([action, there.toSorted()]);
  if (ids !== undefined) {
    for (const id of there) expect(await keys(clients, listing, { [ids]: [id] })).toEqual([id]);
  }
  for (const [Name, value] of Object.entries(filters)) {
    const found = await keys(clients, listing, { Filters: [{ Name, Values: [value] }] });
    expect([action, Name, found]).toEqual([action, Name, expect.arrayContaining([first])]);
    const nothing = await keys(clients, listing, { Filters: [{ Name, Values: ['no-such-thing'] }] });
    expect([action, Name, nothing]).toEqual([action, Name, []]);
  }
  await expectPages(clients, listing, there.length);
}

async function expectPages(clients: VendorClients, listing: Listing, count: number): Promise<void> {
  const whole = await keys(clients, listing);
  const paged: unknown[] = [];
  for (let Offset = 0; Offset < count; Offset++) {
    const reply = await clients.call('vpc', listing.action, { ...listing.of, Offset, Limit: 1 });
    const page = reply[listing.set] as Listed[];
    expect([reply['TotalCount'] ?? count, page.length]).toEqual([count, 1]);
    paged.push(...page.map((object) => object[listing.key]));
  }
  expect(paged).toEqual(whole);
  expect(await keys(clients, listing, { Offset: count, Limit: 1 })).toEqual([]);
}

export async function expectNone(clients: VendorClients, listing: Listing, ids: readonly string[] = []): Promise<void> {
  expect(await keys(clients, listing)).toEqual([]);
  if (listing.ids !== undefined) expect(await keys(clients, listing, { [listing.ids]: ids })).toEqual([]);
}
