import {
  askBounds,
  type AskRefusal,
  type IkeSuite,
  type PeerAsking,
  type PeerProposals,
} from '../domain/diagnosis/peer-proposals.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { suiteOfProposal } from '../domain/vpn/proposal.ts';
import { askingPort, ikePort } from '../plan/asking-port.ts';
import { netnsName } from '../plan/names.ts';
import type { ConnectionPlan, PlanKey } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { LastMinute } from '../platform/last-minute.ts';
import type { Logger } from '../platform/logger.ts';
import type { StartSeries } from './start-series.ts';

/** A tunnel as the plans that are held here have it. */
export interface PlannedTunnel {
  readonly gateway: PlanKey;
  readonly plan: ConnectionPlan;
}

export interface PeerQuestionsOptions {
  /** What the plans do not have is not asked, whoever wants it. */
  readonly find: (tunnel: string) => PlannedTunnel | undefined;
  readonly start: StartSeries;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Known {
  /** What the tunnel was when its peer was asked. */
  readonly about: string;
  readonly proposals: PeerProposals;
  readonly endedAt: number;
}

/**
 * Who asks peers what they would accept: when, how often, and what they said. The only destination is the address that a tunnel's plan
 * has; what was said is forgotten with the tunnel's addresses and proposals, and with this process.
 */
export class PeerQuestions implements PeerAsking {
  readonly #options: PeerQuestionsOptions;
  readonly #known = new Map<VpnConnectionId, Known>();
  /** When a peer was asked by itself, by tunnel. */
  readonly #ownAskedAt = new Map<VpnConnectionId, number>();
  /** Addresses that are being asked. */
  readonly #running = new Set<string>();
  #ownRunning = 0;
  /** When the last series ended, by address. */
  readonly #endedAt = new Map<string, number>();
  /** When series were begun for an account in the last minute. */
  readonly #askedFor: LastMinute;

  constructor(options: PeerQuestionsOptions) {
    this.#options = options;
    this.#askedFor = new LastMinute(options.clock);
  }

  /** An answer that is not older than the pause at an address is told again: a call may come twice. */
  async ask(tunnel: string, accountId: string): Promise<PeerProposals | AskRefusal> {
    const found = this.#options.find(tunnel);
    if (found === undefined) return 'not-there';
    const ours = oursOf(found.plan);
    if (ours === null) return 'not-ikev2';
    const known = this.#known.get(found.plan.id);
    if (known?.about === aboutOf(found.plan) && this.#since(known.endedAt) < askBounds.restMs) return known.proposals;
    const refusal = this.#refusalOf(found.plan.remoteAddress, accountId);
    if (refusal !== null) return refusal;
    this.#askedFor.note(accountId);
    return (await this.#run(found, ours)) ?? 'not-started';
  }

  /** Once an hour, where it says nothing more often, when nobody else is asked: whoever notes it comes again. */
  noteRefused(plan: ConnectionPlan): void {
    const { id, remoteAddress } = plan;
    if (this.#since(this.#ownAskedAt.get(id)) < this.#pauseMs(plan)) return;
    const isBusy = this.#ownRunning >= askBounds.running.byItself || this.#isAtWork(remoteAddress);
    const found = isBusy ? undefined : this.#options.find(id);
    if (found === undefined || aboutOf(found.plan) !== aboutOf(plan)) return;
    const ours = oursOf(found.plan);
    if (ours === null) return;
    this.#ownAskedAt.set(id, this.#options.clock.elapsed());
    this.#ownRunning += 1;
    void this.#run(found, ours).finally(() => (this.#ownRunning -= 1));
  }

  noteConnected(id: VpnConnectionId): void {
    this.#ownAskedAt.delete(id);
  }

  /** Sooner where nothing is known of the tunnel as it is now. */
  #pauseMs(plan: ConnectionPlan): number {
    const verdict = this.knownOf(plan)?.verdict ?? 'nothing';
    return verdict === 'nothing' || verdict === 'silent' ? askBounds.ownAgainMs : askBounds.ownEveryMs;
  }

  knownOf(plan: ConnectionPlan): PeerProposals | null {
    const known = this.#known.get(plan.id);
    return known?.about === aboutOf(plan) ? known.proposals : null;
  }

  /** Null where the series could not be had. */
  async #run({ gateway, plan }: PlannedTunnel, ours: IkeSuite): Promise<PeerProposals | null> {
    const { start, clock, logger } = this.#options;
    const { id, localAddress, remoteAddress } = plan;
    this.#sweep();
    this.#running.add(remoteAddress);
    try {
      const order = { localAddress, localPort: askingPort, remoteAddress, remotePort: ikePort, ours };
      const proposals = await start(netnsName(gateway), order);
      this.#known.set(id, { about: aboutOf(plan), proposals, endedAt: clock.elapsed() });
      const { verdict, messages, halfOpen } = proposals;
      logger.info({ connection: id, verdict, messages, halfOpen }, 'a peer was asked what it accepts');
      return proposals;
    } catch (error) {
      logger.warn({ connection: id, error: describeError(error) }, 'a peer could not be asked what it accepts');
      return null;
    } finally {
      this.#running.delete(remoteAddress);
      this.#endedAt.set(remoteAddress, clock.elapsed());
    }
  }

  #refusalOf(address: string, accountId: string): AskRefusal | null {
    if (this.#askedFor.count(accountId) >= askBounds.perAccountAndMinute) return 'account-asks-often';
    if (this.#isAtWork(address)) return 'peer-asked-now';
    return this.#running.size >= askBounds.running.perHost ? 'host-busy' : null;
  }

  /** Or what was left at it is not gone yet. */
  #isAtWork(address: string): boolean {
    return this.#running.has(address) || this.#since(this.#endedAt.get(address)) < askBounds.restMs;
  }

  #since(at: number | undefined): number {
    return at === undefined ? Infinity : this.#options.clock.elapsed() - at;
  }

  /** What says nothing any more. */
  #sweep(): void {
    for (const [address, at] of this.#endedAt) if (this.#since(at) >= askBounds.restMs) this.#endedAt.delete(address);
    for (const [id, at] of this.#ownAskedAt) if (this.#since(at) >= askBounds.ownEveryMs) this.#ownAskedAt.delete(id);
    for (const [id, { about }] of this.#known) {
      const found = this.#options.find(id);
      if (found === undefined || aboutOf(found.plan) !== about) this.#known.delete(id);
    }
  }
}

/** Another one, and what the peer said before says nothing. */
function aboutOf({ version, localAddress, remoteAddress, ikeProposals }: ConnectionPlan): string {
  return [version, localAddress, remoteAddress, ...ikeProposals].join(' ');
}

/** Null: it is none that peers are asked about. */
function oursOf({ version, ikeProposals: [proposal = ''] }: ConnectionPlan): IkeSuite | null {
  return version === 2 ? suiteOfProposal(proposal) : null;
}
