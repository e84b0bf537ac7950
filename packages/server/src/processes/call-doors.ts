import type { CredentialSource } from '../api/protocol/call-handler.ts';
import { createConsole, type Console, type ConsoleOptions } from '../console/create-console.ts';
import { apiPlugin } from '../http/api-plugin.ts';
import type { ApiPlugin } from '../http/build-app.ts';
import { createCallDesk, type CallDeskOptions } from '../http/call-desk.ts';

export interface CallDoorsOptions extends CallDeskOptions {
  readonly credentials: CredentialSource;
  /** Bytes of one JSON body. */
  readonly mostJsonBytes: number;
  /** Null: there is no web console. */
  readonly console: Pick<
    ConsoleOptions,
    'files' | 'rows' | 'news' | 'audit' | 'version' | 'isProxied' | 'isAgentHeard'
  > | null;
}

/** What calls come by, the signed API and the web console: one desk answers both. */
export function callDoors({ credentials, mostJsonBytes, console, ...options }: CallDoorsOptions): {
  readonly api: ApiPlugin;
  readonly console: Console | null;
} {
  const { clock, ids, logger, refusedCalls, regions } = options;
  const common = { desk: createCallDesk(options), credentials, clock, ids, mostJsonBytes };
  return {
    api: apiPlugin(common),
    console: console && createConsole({ ...common, ...console, logger, refusedCalls, regions }),
  };
}
