import {
  captureBounds,
  NotCapturingError,
  type CapturedId,
  type CaptureFilter,
  type CaptureLimits,
  type CapturePiece,
  type CaptureRefusal,
  type PacketCapture,
} from '../../domain/operator/packet-capture.ts';
import { seesSecrets } from '../../domain/operator/principal.ts';
import { refuse } from '../../domain/refusal.ts';
import { isResourceId, type CaptureId } from '../../domain/resource-id.ts';
import type { Rows } from '../../image/rows.ts';
import { askedOrAway } from '../asked-or-away.ts';
import type { Caller } from '../caller.ts';
import { idList, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type PacketCaptureService = ReturnType<typeof packetCaptureService>;

/** Missing limits are the usual ones. */
export interface NewCapture {
  readonly resourceId: CapturedId;
  readonly filter: CaptureFilter;
  readonly limits: Partial<CaptureLimits>;
  readonly includesKeys: boolean;
}

/** A call that comes again later starts nothing: what it began may be over and gone. */
const startsWithinMs = 60_000;

/** Captures are run, and known, by the acting side alone. An account has its own, administrators too. */
export function packetCaptureService(dependencies: ServiceDependencies) {
  const { decide, forgetAnswer, capturing, givesCaptureKeys, clock, ids } = dependencies;
  async function ownOf({ accountId }: Caller): Promise<readonly PacketCapture[]> {
    return (await asked(capturing.list())).filter((capture) => capture.accountId === accountId);
  }

  /** Refused, or audited and done. */
  async function change(caller: Caller, id: CaptureId, work: () => Promise<boolean>): Promise<void> {
    const own = await ownOf(caller);
    await decide(caller, () => void amongOrNotFound(own, id));
    if (caller.rehearsal === null) await asked(work());
  }

  return {
    create: async (caller: Caller, { resourceId, filter, limits, includesKeys }: NewCapture): Promise<CaptureId> => {
      const { accountId, rehearsal, principal } = caller;
      if (includesKeys && !givesCaptureKeys) refuse('capture-keys-forbidden');
      if (includesKeys && !seesSecrets(principal)) refuse('capture-hidden');
      const all = await asked(capturing.list());
      const { id, decidedAt } = await decide(caller, (rows) => {
        checkIsOwn(rows, accountId, resourceId);
        checkRoom(all, accountId);
        return { id: ids.resourceId('pcap'), decidedAt: clock.now() };
      });
      if (rehearsal !== null || clock.now() - decidedAt > startsWithinMs) return id;
      const order = { id, accountId, resourceId, filter, limits: { ...usualLimits, ...limits }, includesKeys };
      const started = await asked(capturing.start(order));
      if (typeof started === 'string') {
        await forgetAnswer(caller);
        await refuseStart(started, resourceId, () => ownOf(caller));
      }
      return id;
    },

    /** The newest first. */
    list: ownOf,

    content: async (caller: Caller, id: CaptureId, offset: number): Promise<CapturePiece> => {
      if (!seesSecrets(caller.principal)) refuse('capture-hidden');
      amongOrNotFound(await ownOf(caller), id);
      return orNotFound((await asked(capturing.read(id, offset))) ?? undefined, id);
    },

    /** Each time that it is told is audited. */
    keys: async (caller: Caller, id: CaptureId): Promise<string> => {
      if (!seesSecrets(caller.principal)) refuse('capture-hidden');
      const { includesKeys } = amongOrNotFound(await ownOf(caller), id);
      if (!includesKeys) refuse('capture-without-keys', { id });
      const keys = orNotFound((await asked(capturing.keys(id))) ?? undefined, id);
      await decide(caller, () => null);
      return keys;
    },

    stop: (caller: Caller, id: CaptureId): Promise<void> => change(caller, id, () => capturing.stop(id)),

    remove: (caller: Caller, id: CaptureId): Promise<void> => change(caller, id, () => capturing.remove(id)),
  };
}

const usualLimits: CaptureLimits = {
  snapLength: captureBounds.snapLength.usual,
  packets: captureBounds.packets.usual,
  seconds: captureBounds.seconds.usual,
  bytes: captureBounds.bytes.usual,
};

function asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return askedOrAway(answer, NotCapturingError, 'captures-away');
}

/** What is another account's does not exist. */
function checkIsOwn(rows: Rows, accountId: string, id: CapturedId): void {
  const resource = isResourceId('vpnx', id)
    ? rows.vpnConnections.get(id)
    : isResourceId('vpngw', id)
      ? rows.vpnGateways.get(id)
      : rows.subnets.get(id);
  if (resource?.accountId !== accountId) refuse('not-found', { id });
}

function amongOrNotFound(captures: readonly PacketCapture[], wanted: CaptureId): PacketCapture {
  return orNotFound(
    captures.find(({ id }) => id === wanted),
    wanted,
  );
}

/** As the acting side counts: what it refuses in the end is refused here first, and by a preview. */
function checkRoom(all: readonly PacketCapture[], accountId: string): void {
  const running = all.filter(({ ended }) => ended === null);
  const own = running.filter((capture) => capture.accountId === accountId);
  if (own.length >= captureBounds.running.perAccount) refuseOwn(own);
  if (running.length >= captureBounds.running.perHost) refuseHost();
}

async function refuseStart(
  why: CaptureRefusal,
  id: CapturedId,
  own: () => Promise<readonly PacketCapture[]>,
): Promise<never> {
  if (why === 'not-there') refuse('capture-place-missing', { id });
  if (why === 'keys-forbidden') refuse('capture-keys-forbidden');
  if (why === 'no-program') refuse('capture-program-missing');
  if (why === 'fits-nothing') refuse('capture-fits-nothing', { id });
  if (why === 'host-full') refuseHost();
  return refuseOwn((await own()).filter(({ ended }) => ended === null));
}

function refuseOwn(running: readonly PacketCapture[]): never {
  refuse('captures-of-account-full', { limit: captureBounds.running.perAccount, running: idList(running) });
}

function refuseHost(): never {
  const { running, seconds } = captureBounds;
  refuse('captures-of-host-full', { limit: running.perHost, seconds: seconds.most });
}
