import type { FastifyPluginCallback } from 'fastify';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Change } from '../image/change.ts';
import type { Rows } from '../image/rows.ts';
import type { TunnelLook } from '../services/operator/tunnel-states.ts';
import { consolePlugin, type ConsolePluginOptions } from './console-plugin.ts';
import { EventStreams } from './event-streams.ts';
import { News } from './news.ts';
import { Sessions } from './sessions.ts';
import { signInWith, type SignInOptions } from './sign-in.ts';

export type ConsoleOptions = Omit<ConsolePluginOptions, 'sessions' | 'signIn' | 'streams' | 'rows'> &
  SignInOptions & {
    readonly rows: Rows;
    readonly isAgentHeard: () => boolean;
  };

/** The web console's half of the server. */
export interface Console {
  readonly plugin: FastifyPluginCallback;
  /** Hears of every commit. */
  committed(changes: readonly Change[]): void;
  /** Hears how tunnels are. */
  looked(id: VpnConnectionId, look: TunnelLook | null): void;
  /** Tells those who watch, once. */
  tick(): void;
  run(signal: AbortSignal): Promise<void>;
  /** How many streams of events there are. */
  readonly watching: number;
}

export function createConsole(options: ConsoleOptions): Console {
  const { credentials, clock, ids, rows, isAgentHeard } = options;
  const news = new News(rows);
  const sessions = new Sessions({ credentials, clock, ids });
  const streams = new EventStreams({ news, sessions, isAgentHeard, clock });
  const plugin = consolePlugin({ ...options, sessions, streams, signIn: signInWith(options) });
  return {
    plugin,
    committed: (changes) => {
      news.committed(changes);
      // A key that is deleted ends what was begun with it, now.
      if (changes.some(({ table }) => table === 'accessKeys' || table === 'accounts')) streams.endGone();
    },
    looked: (id, look) => news.looked(id, look),
    tick: () => streams.tick(),
    run: (signal) => streams.run(signal),
    get watching() {
      return streams.count;
    },
  };
}
