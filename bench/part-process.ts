import { describeFailure } from '../lab/src/describe-failure.ts';
import { tellParent } from '../lab/src/tell-parent.ts';

/** What a part of the bench tells main.ts while it runs and at its end. */
export type PartMessage =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'results'; readonly results: unknown }
  | { readonly kind: 'failure'; readonly message: string };

export type Say = (line: string) => void;

/** What every part is asked for; each takes what it needs. */
export interface PartRequest {
  /** Of each fault, change or first ping. */
  readonly repetitions: number;
  /** Of throughput, and how long one measurement of it takes. */
  readonly rounds: number;
  readonly seconds: number;
  readonly scale: ScaleRequest;
}

/** How many there are at once; each is a world of its own. */
export interface ScaleRequest {
  readonly tunnels: readonly number[];
  readonly gateways: readonly number[];
  /** Failover beside a flooded API as well. */
  readonly failover: boolean;
}

const tell = (message: PartMessage): Promise<void> => tellParent(message);

/** Runs a part in this process, which parts.ts started in the lab's host namespace, reports how it went, and ends the process. */
export async function reportPart(measure: (request: PartRequest, say: Say) => Promise<unknown>): Promise<void> {
  const say: Say = (line) => void tell({ kind: 'progress', line });
  try {
    const request = JSON.parse(process.argv[2] ?? '{}') as PartRequest;
    await tell({ kind: 'results', results: await measure(request, say) });
  } catch (error) {
    say(await describeFailure());
    await tell({ kind: 'failure', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exitCode = 1;
  }
  // What a failed part has left running would keep this process; the lab is taken down from outside.
  process.exit();
}
