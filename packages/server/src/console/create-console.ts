import type { FastifyPluginCallback } from 'fastify';
import type { Rows } from '../image/rows.ts';
import { consolePlugin, type ConsolePluginOptions } from './console-plugin.ts';
import { EventStreams } from './event-streams.ts';
import type { News } from './news.ts';
import { Sessions } from './sessions.ts';
import { signInWith, type SignInOptions } from './sign-in.ts';

export type ConsoleOptions = Omit<ConsolePluginOptions, 'sessions' | 'signIn' | 'streams' | 'rows'> &
  SignInOptions & {
    readonly rows: Rows;
    /** Hears of every commit, and how tunnels are. */
    readonly news: News;
    readonly isAgentHeard: () => boolean;
  };

/** The web console's half of the server. */
export interface Console {
  readonly plugin: FastifyPluginCallback;
  /** Tells those who watch, once. */
  tick(): void;
  run(signal: AbortSignal): Promise<void>;
  /** How many streams of events there are. */
  readonly watching: number;
}

export function createConsole(options: ConsoleOptions): Console {
  const { credentials, clock, ids, news, isAgentHeard } = options;
  const sessions = new Sessions({ credentials, clock, ids });
  const streams = new EventStreams({ news, sessions, isAgentHeard, clock });
  const plugin = consolePlugin({ ...options, sessions, streams, signIn: signInWith(options) });
  return {
    plugin,
    tick: () => streams.tick(),
    run: (signal) => streams.run(signal),
    get watching() {
      return streams.count;
    },
  };
}
