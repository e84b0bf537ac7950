import { fileURLToPath } from 'node:url';
import { askBounds, type PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import { inNetns, type Kernel } from '../drivers/kernel.ts';
import { Later } from '../platform/later.ts';
import { startLineProcess } from '../platform/line-process.ts';
import { unprivileged } from '../platform/service-user.ts';
import { readProposals, type SeriesOrder } from './series-messages.ts';

/** @param netns where the order's local address is. Rejects where no answer came. */
export type StartSeries = (netns: string, order: SeriesOrder) => Promise<PeerProposals>;

/** To start and to end. */
const graceMs = 3000;

/** One process for a whole series, in the namespace, with no right that it could lose to the peer. */
export function startSeriesBy(kernel: Kernel): StartSeries {
  const script = fileURLToPath(new URL('asking-process.ts', import.meta.url));
  return async (netns, order) => {
    const answer = Promise.withResolvers<PeerProposals>();
    const argv = inNetns(kernel, netns, unprivileged([process.execPath, script]));
    const asking = startLineProcess(argv, {
      onLine: (line) => {
        try {
          answer.resolve(readProposals(line));
        } catch (error) {
          answer.reject(error);
        }
      },
    });
    const late = new Later(() => answer.reject(new Error('the process that asks a peer did not answer in time')));
    late.in(askBounds.seriesMs + graceMs);
    void asking.ended.then((why) => answer.reject(new Error(`the process that asks a peer ended: ${why}`)));
    asking.writeLine(JSON.stringify(order));
    try {
      return await answer.promise;
    } finally {
      late.cancel();
      asking.kill();
    }
  };
}
