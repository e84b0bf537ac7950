import { firstHost, type IpAddress } from '@landbridge/net';
import {
  drillBounds,
  type DrillOrder,
  type DrillRefusal,
  type FailoverDrill,
} from '../../domain/operator/failover-drill.ts';
import { NotProvingError } from '../../domain/operator/path-proof.ts';
import { refuse } from '../../domain/refusal.ts';
import { askedOrAway } from '../asked-or-away.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { ownAddress, ownSubnet, refuseProof } from './path-proofs.ts';
import type { PathTraceService } from './path-traces.ts';

export type WantedDrill = Omit<DrillOrder, 'accountId' | 'seconds'> & { readonly seconds: number | null };

export type FailoverDrillService = ReturnType<typeof failoverDrillService>;

type Dependencies = Pick<ServiceDependencies, 'decide' | 'drilling'>;

/** Routes are taken out, and packets sent, by the acting side alone: for whose tunnel and subnet it is. Rows stay as they are. */
export function failoverDrillService({ decide, drilling }: Dependencies, { trace }: Pick<PathTraceService, 'trace'>) {
  return {
    drill: async (caller: Caller, { tunnel, from, to, seconds }: WantedDrill): Promise<FailoverDrill> => {
      const { accountId, rehearsal } = caller;
      const source = await decide(caller, (rows) => {
        if (rows.vpnConnections.get(tunnel)?.accountId !== accountId) refuse('not-found', { id: tunnel });
        ownAddress(rows, accountId, to);
        return firstHost(ownSubnet(rows, accountId, from).cidr);
      });
      if (rehearsal !== null) return { ...nothingSent, source, destination: to };
      await expectThrough(tunnel, { caller, source, from, to });
      const order = { accountId, tunnel, from, to, seconds: seconds ?? drillBounds.seconds.usual };
      const drilled = await askedOrAway(drilling.drill(order), NotProvingError, 'proofs-away');
      return typeof drilled === 'string' ? refuseFor(drilled, order) : drilled;
    },
  };

  /** Packets that go another way would not notice. */
  async function expectThrough(tunnel: DrillOrder['tunnel'], { caller, source, from, to }: Sending): Promise<void> {
    const { forward } = await trace(caller, {
      from: { address: source, placeId: from },
      to: { address: to, placeId: null },
      ...{ protocol: 'icmp', port: null },
    });
    const isThrough = forward.ways.some(({ end }) => end.kind === 'tunnel' && end.id === tunnel);
    if (!isThrough) refuse('drill-other-way', { id: tunnel, address: to });
  }
}

interface Sending extends Pick<DrillOrder, 'from' | 'to'> {
  readonly caller: Caller;
  readonly source: IpAddress;
}

const nothingSent = { sent: 0, answered: 0, longestLoss: 0, isWhole: false } as const;

function refuseFor(why: DrillRefusal, { tunnel: id, from, to: address }: DrillOrder): never {
  if (why === 'not-used') return refuse('drill-not-used', { id });
  if (why === 'no-standby') return refuse('drill-no-standby', { id });
  if (why === 'unanswered') return refuse('drill-unanswered', { address });
  return refuseProof(why, from);
}
