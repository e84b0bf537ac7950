import type { DefaultsProfile } from '../domain/vpn/negotiation-defaults.ts';
import type { HistorySource } from '../domain/operator/history.ts';
import type { PeerAsking } from '../domain/diagnosis/peer-proposals.ts';
import type { FailoverDrilling } from '../domain/operator/failover-drill.ts';
import type { PathProving } from '../domain/operator/path-proof.ts';
import type { PacketCapturing } from '../domain/operator/packet-capture.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { AskRecorder } from '../domain/operator/timeline.ts';
import type { AskSas } from '../domain/operator/tunnel-sas.ts';
import type { Quotas } from '../domain/operator/quotas.ts';
import type { RegionNames } from '../domain/operator/region-names.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { HostPorts } from './operator/host-interfaces.ts';
import type { DraftRows } from '../image/draft.ts';
import type { Rows } from '../image/rows.ts';
import type { Caller } from './caller.ts';
import type { Logs } from './logs.ts';
import type { ToldWebhooks } from './told-webhooks.ts';
import type { KeptPlans } from './kept-plans.ts';
import type { TunnelStates } from './operator/tunnel-states.ts';
import type { Sealing } from './sealing.ts';

/** What every use case may need; nothing here does I/O but the store, a look at the host, packet captures, questions to peers and packets of proofs there. */
export interface ServiceDependencies {
  /** Commits what the decision of the caller changed and answers, or refuses and changes nothing. Decisions run one after the other. */
  readonly decide: <Answer>(caller: Caller, decision: (rows: DraftRows) => Answer) => Promise<Answer>;
  /** For what was decided, and could then not be done: the same call with the same ClientToken is decided anew. */
  readonly forgetAnswer: (caller: Caller) => Promise<void>;
  /** Answers from rows that hold every commit that was answered before. */
  readonly read: <Answer>(question: (rows: Rows) => Answer) => Promise<Answer>;
  readonly plans: KeptPlans;
  readonly logs: Logs;
  readonly sealing: Sealing;
  readonly observed: ObservedState;
  readonly tunnelStates: TunnelStates;
  /** Null: the operator configured none, so no gateway can get a public address. */
  readonly uplink: Uplink | null;
  readonly hostPorts: HostPorts;
  readonly webhooks: ToldWebhooks;
  readonly history: HistorySource;
  /** What the acting side has recorded. */
  readonly recorded: AskRecorder;
  /** What the acting side sees of a tunnel's SAs. */
  readonly sas: AskSas;
  readonly capturing: PacketCapturing;
  readonly peerAsking: PeerAsking;
  readonly pathProving: PathProving;
  readonly drilling: FailoverDrilling;
  /** The operator lets owners of captures have the keys of their SAs. */
  readonly givesCaptureKeys: boolean;
  readonly quotas: Quotas;
  readonly regions: RegionNames;
  readonly defaults: DefaultsProfile;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}
