import { ViciCommandError, type Charon, type IkeSa } from '@landbridge/vici';
import type { Clock } from '../platform/clock.ts';

/** For an exchange under way and the answer to the DELETE, over a slow line; a peer that is dead costs this much. */
const goodbyeMs = 2000;
const lookMs = 20;

/**
 * Closes the IKE_SAs of connections whole, each by one DELETE (RFC 7296 section 1.4.1). charon has one exchange under way at
 * a time and drops what waits when it is told to hurry; so peers get a moment to answer, all of them at the same time.
 */
export async function endIkeSas(
  charon: Charon,
  names: ReadonlySet<string>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (names.size === 0) return;
  for (const ike of names) await unlessGone(charon.terminate({ ike }, { signal }));
  const deadline = clock.elapsed() + goodbyeMs;
  let left = await namesOfIkeSas(charon, names, signal);
  while (left.size > 0 && clock.elapsed() < deadline) {
    await clock.delay(lookMs, signal);
    left = await namesOfIkeSas(charon, names, signal);
  }
  for (const ike of left) await unlessGone(charon.terminate({ ike, force: true }, { signal }));
}

/**
 * Closes everything that a charon has, for good: nobody can open again what is being closed. A charon that is told to end says goodbye
 * only where no other exchange is under way.
 */
export async function closeTunnels(charon: Charon, clock: Clock, signal: AbortSignal): Promise<void> {
  for (const name of await charon.getConns({ signal })) await unlessGone(charon.unloadConn(name, { signal }));
  const ikeSas = await charon.listSas({}, { signal });
  await endIkeSas(charon, new Set(ikeSas.map(({ name }) => name)), clock, signal);
}

/** So few are asked for one by one: the list of all is long where a gateway has many tunnels. */
const fewNames = 4;

/** The IKE_SAs of these connections, and maybe others. */
export async function listSasOf(charon: Charon, names: ReadonlySet<string>, signal: AbortSignal): Promise<IkeSa[]> {
  if (names.size > fewNames) return charon.listSas({}, { signal });
  return (await Promise.all([...names].map((ike) => charon.listSas({ ike }, { signal })))).flat();
}

async function namesOfIkeSas(charon: Charon, among: ReadonlySet<string>, signal: AbortSignal): Promise<Set<string>> {
  const ikeSas = await listSasOf(charon, among, signal);
  return new Set(ikeSas.map(({ name }) => name).filter((name) => among.has(name)));
}

/** Waits for a command about something that may not be there, or not any more. */
export async function unlessGone(command: Promise<unknown>): Promise<void> {
  try {
    await command;
  } catch (error) {
    if (!(error instanceof ViciCommandError)) throw error;
  }
}
